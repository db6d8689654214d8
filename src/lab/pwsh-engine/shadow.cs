// Objects that live in the simulator, as PowerShell sees them.
namespace Kintsugi.Lab
{
    // What objects of one kind have in common.
    sealed class Shape
    {
        internal string[] Types, Visible, Hidden;
        internal Type Class;

        internal string Find(string name) => Visible.Concat(Hidden).FirstOrDefault(each => Script.IsOneOf(each, name));
    }

    public sealed class Held
    {
        internal readonly Shadow Made;
        internal Held(Shadow made) { Made = made; }
    }

    // Classes of simulated types derive from it.
    public abstract class Shadow
    {
        internal long Handle;
        internal Shape Shape;
        // Properties that this object has beyond those of its kind, with their values when the simulator was last asked to do something.
        internal OrderedDictionary Found;
        internal long FoundAt;

        protected Shadow() { }
        // Of two objects with one handle, only the one that PowerShell made is kept.
        protected Shadow(Held held) { Become(held.Made.Handle, held.Made.Shape); Found = held.Made.Found; FoundAt = held.Made.FoundAt; Handles.Replace(this); }
        internal void Become(long handle, Shape shape) { Handle = handle; Shape = shape; }
        public override string ToString() => (string)Bridge.Call(this, "ToString", new object[0]);
        ~Shadow() { if (Handle != 0) Handles.Release(Handle); }
    }

    // Such that can be enumerated, and such that can be indexed.
    public abstract class ShadowItems : Shadow, IEnumerable
    {
        protected ShadowItems() { }
        protected ShadowItems(Held held) : base(held) { }
        public IEnumerator GetEnumerator() => ((IEnumerable)Bridge.Items(this)).GetEnumerator();
        public object this[object index] { get => Bridge.GetItem(this, index); set => Bridge.SetItem(this, index, value); }
    }

    // One object for each handle, and none in the simulator that nobody can reach any more.
    static class Handles
    {
        static readonly Dictionary<long, WeakReference<Shadow>> living = new Dictionary<long, WeakReference<Shadow>>();
        static readonly HashSet<long> released = new HashSet<long>();

        internal static Shadow Find(long handle)
        {
            lock (living) return living.TryGetValue(handle, out var found) && found.TryGetTarget(out var shadow) ? shadow : null;
        }

        internal static void Keep(Shadow shadow)
        {
            lock (living) { living[shadow.Handle] = new WeakReference<Shadow>(shadow); released.Remove(shadow.Handle); }
        }

        internal static void Replace(Shadow shadow)
        {
            lock (living)
            {
                if (living.TryGetValue(shadow.Handle, out var found) && found.TryGetTarget(out var before)) before.Handle = 0;
                living[shadow.Handle] = new WeakReference<Shadow>(shadow);
            }
        }

        internal static void Release(long handle)
        {
            lock (living)
            {
                // Another object may have come with the same handle since this one was last seen.
                if (living.TryGetValue(handle, out var found) && found.TryGetTarget(out _)) return;
                living.Remove(handle);
                released.Add(handle);
            }
        }

        internal static long[] TakeReleased()
        {
            lock (living)
            {
                if (released.Count == 0) return null;
                var all = released.ToArray();
                released.Clear();
                return all;
            }
        }
    }

    // Properties and type names of simulated objects.
    sealed class ShadowAdapter : PSPropertyAdapter
    {
        static PSAdaptedProperty Make(string name) => new PSAdaptedProperty(name, null);

        public override Collection<string> GetTypeNameHierarchy(object of) => new Collection<string>(((Shadow)of).Shape?.Types.ToList() ?? new List<string> { of.GetType().FullName, "System.Object" });

        public override Collection<PSAdaptedProperty> GetProperties(object of)
        {
            var shadow = (Shadow)of;
            var all = new Collection<PSAdaptedProperty>();
            foreach (var name in shadow.Shape?.Visible ?? new string[0]) all.Add(Make(name));
            if (shadow.Found != null) foreach (string name in shadow.Found.Keys) all.Add(Make(name));
            return all;
        }

        public override PSAdaptedProperty GetProperty(object of, string name)
        {
            var shadow = (Shadow)of;
            var found = shadow.Shape?.Find(name) ?? shadow.Found?.Keys.Cast<string>().FirstOrDefault(each => Script.IsOneOf(each, name));
            if (found != null) return Make(found);
            if (!(shadow is ShadowItems) && Internals.IsCallingMethod()) Bridge.Lacks(shadow, name);
            return null;
        }

        public override bool IsGettable(PSAdaptedProperty property) => true;
        public override bool IsSettable(PSAdaptedProperty property) => true;
        public override string GetPropertyTypeName(PSAdaptedProperty property) => "System.Object";

        public override object GetPropertyValue(PSAdaptedProperty property)
        {
            var shadow = (Shadow)property.BaseObject;
            if (shadow.Found?.Contains(property.Name) == true && shadow.FoundAt == Bridge.Deeds) return shadow.Found[property.Name];
            return Bridge.Get(shadow, property.Name);
        }

        public override void SetPropertyValue(PSAdaptedProperty property, object value) => Bridge.Set((Shadow)property.BaseObject, property.Name, value);
    }

    // [type]$value for types that convert.
    public sealed class ShadowConverter : PSTypeConverter
    {
        public override bool CanConvertFrom(object source, Type type) => !type.IsInstanceOfType(source);
        public override object ConvertFrom(object source, Type type, IFormatProvider format, bool ignoreCase) => Bridge.Convert(type.FullName, source);
        public override bool CanConvertTo(object source, Type type) => false;
        public override object ConvertTo(object source, Type type, IFormatProvider format, bool ignoreCase) => throw new InvalidCastException();
    }

    // Classes of what the simulator knows by its objects alone (COM, say), and those of commands under the names that errors tell.
    static class Emitted
    {
        static readonly ModuleBuilder module = Module("Kintsugi.Lab.Emitted");
        static readonly Dictionary<string, Type> classes = new Dictionary<string, Type>();
        static readonly MethodInfo call = typeof(Bridge).GetMethod("Call");

        internal static Type Class(string name, string[] methods, bool hasItems)
        {
            var key = name + "\n" + string.Join("\n", methods) + hasItems;
            if (classes.TryGetValue(key, out var known)) return known;
            var type = module.DefineType(Free(name), System.Reflection.TypeAttributes.Public | System.Reflection.TypeAttributes.Class, hasItems ? typeof(ShadowItems) : typeof(Shadow));
            foreach (var method in methods) if (method != "ToString") Forward(type, method);
            return classes[key] = type.CreateType();
        }

        internal static Type Command(Type type, string className, string verb, string noun, string defaultSet, bool mayChange)
        {
            // Commands that share a class (mkdir that of New-Item) share its name, which error ids tell: each has an assembly of its own.
            var into = module.GetType(className) == null ? module : Module("Kintsugi.Lab.Emitted." + noun);
            var made = into.DefineType(className, System.Reflection.TypeAttributes.Public | System.Reflection.TypeAttributes.Class, type);
            var attribute = typeof(CmdletAttribute);
            var names = new List<PropertyInfo> { attribute.GetProperty("SupportsShouldProcess") };
            var values = new List<object> { mayChange };
            if (defaultSet != "") { names.Add(attribute.GetProperty("DefaultParameterSetName")); values.Add(defaultSet); }
            made.SetCustomAttribute(new CustomAttributeBuilder(attribute.GetConstructor(new[] { typeof(string), typeof(string) }), new object[] { verb, noun }, names.ToArray(), values.ToArray()));
            return made.CreateType();
        }

        static ModuleBuilder Module(string name) =>
            AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(name), AssemblyBuilderAccess.Run).DefineDynamicModule("all");

        static string Free(string name)
        {
            var plain = System.Text.RegularExpressions.Regex.Replace(name, @"[\\\[\],+*&]", "_");
            while (module.GetType(plain) != null) plain += "_";
            return plain;
        }

        static void Forward(TypeBuilder type, string method)
        {
            var made = type.DefineMethod(method, System.Reflection.MethodAttributes.Public | System.Reflection.MethodAttributes.HideBySig, typeof(object), new[] { typeof(object[]) });
            made.DefineParameter(1, System.Reflection.ParameterAttributes.None, "arguments").SetCustomAttribute(new CustomAttributeBuilder(typeof(ParamArrayAttribute).GetConstructor(Type.EmptyTypes), new object[0]));
            var il = made.GetILGenerator();
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldstr, method);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Call, call);
            il.Emit(OpCodes.Ret);
        }
    }
}

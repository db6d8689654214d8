// Values between PowerShell and the simulator (wire-values.ts is the other half).
namespace Kintsugi.Lab
{
    static class Wire
    {
        internal static object Bare(object value) => value is PSObject wrapped && !(wrapped.BaseObject is PSCustomObject) ? wrapped.BaseObject : value;

        internal static Type Find(string name)
        {
            if (types.TryGetValue(name, out var known)) return known;
            var found = typeof(Bridge).Assembly.GetType(name) ?? (name as object is string ? LanguagePrimitives.TryConvertTo(name, out Type type) ? type : null : null);
            return types[name] = found;
        }
        static readonly Dictionary<string, Type> types = new Dictionary<string, Type>();

        static void Boxed(Utf8JsonWriter w, string kind, string text)
        {
            w.WriteStartObject();
            w.WriteString("t", kind);
            w.WriteString("v", text);
            w.WriteEndObject();
        }

        internal static void Write(Utf8JsonWriter w, object given)
        {
            switch (Bare(given))
            {
                case null: w.WriteNullValue(); return;
                case string text: w.WriteStringValue(text); return;
                case bool truth: w.WriteBooleanValue(truth); return;
                case int number: w.WriteNumberValue(number); return;
                case Shadow shadow: WriteShadow(w, shadow, given as PSObject); return;
                case SwitchParameter flag: w.WriteBooleanValue(flag.IsPresent); return;
                case byte[] bytes: Boxed(w, "Bytes", Convert.ToBase64String(bytes)); return;
                case Enum member: w.WriteStartObject(); w.WriteString("t", "Enum"); w.WriteString("n", member.GetType().FullName); w.WriteString("v", Convert.ToInt64(member).ToString()); w.WriteEndObject(); return;
                case double real: Boxed(w, "Double", real.ToString("R", CultureInfo.InvariantCulture)); return;
                case float real: Boxed(w, "Single", real.ToString("R", CultureInfo.InvariantCulture)); return;
                case decimal exact: Boxed(w, "Decimal", exact.ToString(CultureInfo.InvariantCulture)); return;
                case char unit: Boxed(w, "Char", ((int)unit).ToString()); return;
                case long or uint or ulong or short or ushort or byte or sbyte: Boxed(w, Bare(given).GetType().Name, Convert.ToString(Bare(given), CultureInfo.InvariantCulture)); return;
                case DateTime time: w.WriteStartObject(); w.WriteString("t", "DateTime"); w.WriteString("n", time.Kind.ToString()); w.WriteString("v", time.Ticks.ToString()); w.WriteEndObject(); return;
                case TimeSpan span: Boxed(w, "TimeSpan", span.Ticks.ToString()); return;
                case Guid or Version or Uri or System.Xml.XmlDocument:
                    w.WriteStartObject(); w.WriteString("t", "Text"); w.WriteString("n", Bare(given).GetType().FullName);
                    w.WriteString("v", Bare(given) is System.Xml.XmlDocument xml ? xml.OuterXml : Bare(given).ToString()); w.WriteEndObject(); return;
                case Encoding encoding: w.WriteStartObject(); w.WriteString("t", "Encoding"); w.WriteBoolean("n", encoding.GetPreamble().Length > 0); w.WriteString("v", encoding.WebName); w.WriteEndObject(); return;
                case ScriptBlock script: Boxed(w, "Script", script.ToString()); return;
                case Type type: Boxed(w, "Type", type.FullName); return;
                case SecureString secret: Boxed(w, "Secure", new System.Net.NetworkCredential("", secret).Password); return;
                case PSCredential login: w.WriteStartObject(); w.WriteString("t", "Credential"); w.WriteString("n", login.UserName); w.WriteString("v", login.GetNetworkCredential().Password); w.WriteEndObject(); return;
                case Exception error: w.WriteStartObject(); w.WriteString("t", "Exception"); w.WriteString("n", error.GetType().FullName); w.WriteString("v", error.Message); w.WriteEndObject(); return;
                case IDictionary table: WriteTable(w, table); return;
                case Array array: WriteItems(w, "Array", array, array.GetType().GetElementType().FullName); return;
                case IList list: WriteItems(w, "List", list, list.GetType().FullName); return;
                case PSObject bag: WriteBag(w, bag); return;
                case var other: throw new NotWrittenException(other.GetType().FullName);
            }
        }

        // With the properties that a script added, so that commands may be bound by them.
        static void WriteShadow(Utf8JsonWriter w, Shadow shadow, PSObject decorated)
        {
            w.WriteStartObject();
            w.WriteNumber("h", shadow.Handle);
            var notes = decorated?.Properties.Where(each => each is PSNoteProperty).ToList();
            if (notes?.Count > 0)
            {
                w.WriteStartArray("v");
                foreach (var each in notes) { w.WriteStartArray(); w.WriteStringValue(each.Name); Write(w, each.Value); w.WriteEndArray(); }
                w.WriteEndArray();
            }
            w.WriteEndObject();
        }

        static void WriteItems(Utf8JsonWriter w, string kind, IEnumerable items, string type)
        {
            w.WriteStartObject();
            w.WriteString("t", kind);
            w.WriteString("n", type);
            w.WriteStartArray("v");
            foreach (var item in items) Write(w, item);
            w.WriteEndArray();
            w.WriteEndObject();
        }

        static void WriteTable(Utf8JsonWriter w, IDictionary table)
        {
            w.WriteStartObject();
            w.WriteString("t", "Table");
            w.WriteBoolean("n", table is IOrderedDictionary);
            w.WriteStartArray("v");
            foreach (DictionaryEntry each in table) { w.WriteStartArray(); Write(w, each.Key); Write(w, each.Value); w.WriteEndArray(); }
            w.WriteEndArray();
            w.WriteEndObject();
        }

        static void WriteBag(Utf8JsonWriter w, PSObject bag)
        {
            w.WriteStartObject();
            w.WriteString("t", "Custom");
            w.WriteStartArray("n");
            foreach (var name in bag.TypeNames) w.WriteStringValue(name);
            w.WriteEndArray();
            w.WriteStartArray("v");
            foreach (var each in bag.Properties) { w.WriteStartArray(); w.WriteStringValue(each.Name); Write(w, each.Value); w.WriteEndArray(); }
            w.WriteEndArray();
            w.WriteEndObject();
        }

        internal static object Read(JsonElement e)
        {
            switch (e.ValueKind)
            {
                case JsonValueKind.Null: return null;
                case JsonValueKind.String: return e.GetString();
                case JsonValueKind.True: return true;
                case JsonValueKind.False: return false;
                case JsonValueKind.Number: return e.GetInt32();
            }
            var kind = e.GetProperty("t").GetString();
            var v = e.GetProperty("v");
            string Name() => e.GetProperty("n").GetString();
            switch (kind)
            {
                case "Bytes": return v.GetBytesFromBase64();
                case "Enum": return Find(Name()) is Type found ? Enum.ToObject(found, long.Parse(v.GetString())) : (object)int.Parse(v.GetString());
                case "Char": return (char)int.Parse(v.GetString());
                case "DateTime": return new DateTime(long.Parse(v.GetString()), Enum.Parse<DateTimeKind>(Name()));
                case "TimeSpan": return new TimeSpan(long.Parse(v.GetString()));
                case "Text": return LanguagePrimitives.ConvertTo(v.GetString(), Find(Name()), CultureInfo.InvariantCulture);
                case "Secure": return Secret(v.GetString());
                case "Credential": return new PSCredential(Name(), Secret(v.GetString()));
                case "Script": return ScriptBlock.Create(v.GetString());
                case "Type": return Find(v.GetString());
                case "Switch": return new SwitchParameter(v.GetBoolean());
                case "Array": return ReadArray(v, Find(Name()) ?? typeof(object));
                case "List": return new ArrayList(v.EnumerateArray().Select(Read).ToArray());
                case "Table": return ReadTable(e, v);
                case "Custom": return ReadBag(e, v);
                case "Object": return ReadObject(e, v);
                case "Exception": return ReadException(e);
                case "Error": return ReadError(v);
                default: return LanguagePrimitives.ConvertTo(v.GetString(), Find("System." + kind), CultureInfo.InvariantCulture);
            }
        }

        static SecureString Secret(string text)
        {
            var made = new SecureString();
            foreach (var unit in text) made.AppendChar(unit);
            made.MakeReadOnly();
            return made;
        }

        static Array ReadArray(JsonElement v, Type element)
        {
            var made = Array.CreateInstance(element, v.GetArrayLength());
            var at = 0;
            foreach (var each in v.EnumerateArray()) made.SetValue(LanguagePrimitives.ConvertTo(Read(each), element, CultureInfo.InvariantCulture), at++);
            return made;
        }

        static object ReadTable(JsonElement e, JsonElement v)
        {
            IDictionary table = e.GetProperty("n").GetBoolean() ? new OrderedDictionary(StringComparer.OrdinalIgnoreCase) : new Hashtable(StringComparer.OrdinalIgnoreCase);
            foreach (var each in v.EnumerateArray()) table[Read(each[0])] = Read(each[1]);
            return table;
        }

        static PSObject ReadBag(JsonElement e, JsonElement v)
        {
            var bag = new PSObject();
            Name(bag, e);
            foreach (var each in v.EnumerateArray()) bag.Properties.Add(new PSNoteProperty(each[0].GetString(), Read(each[1])), true);
            return bag;
        }

        static void Name(PSObject made, JsonElement e)
        {
            made.TypeNames.Clear();
            foreach (var each in e.GetProperty("n").EnumerateArray()) made.TypeNames.Add(each.GetString());
        }

        static readonly Dictionary<int, Shape> shapes = new Dictionary<int, Shape>();

        static string[] Texts(JsonElement list) => list.EnumerateArray().Select(each => each.GetString()).ToArray();

        static Shape ReadShape(JsonElement e)
        {
            var number = e.GetProperty("s").GetInt32();
            if (!e.TryGetProperty("S", out var told)) return shapes[number];
            var name = told.GetProperty("c").GetString();
            var known = typeof(Bridge).Assembly.GetType(name);
            var type = known != null && typeof(Shadow).IsAssignableFrom(known) ? known : Emitted.Class(name, Texts(told.GetProperty("m")), told.GetProperty("e").GetBoolean());
            Internals.Adapt(type);
            return shapes[number] = new Shape { Class = type, Types = Texts(told.GetProperty("n")), Visible = Texts(told.GetProperty("p")), Hidden = Texts(told.GetProperty("x")) };
        }

        static object ReadObject(JsonElement e, JsonElement v)
        {
            var handle = e.GetProperty("h").GetInt64();
            var shape = ReadShape(e);
            var shadow = Handles.Find(handle);
            if (shadow == null)
            {
                shadow = (Shadow)RuntimeHelpers.GetUninitializedObject(shape.Class);
                shadow.Become(handle, shape);
                Handles.Keep(shadow);
            }
            shadow.Shape = shape;
            if (e.TryGetProperty("d", out var found))
            {
                shadow.Found = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
                foreach (var each in found.EnumerateArray()) shadow.Found[each[0].GetString()] = Read(each[1]);
                shadow.FoundAt = Bridge.Deeds;
            }
            if (v.GetArrayLength() == 0) return shadow;
            var decorated = PSObject.AsPSObject(shadow);
            foreach (var each in v.EnumerateArray())
            {
                decorated.Properties.Remove(each[0].GetString());
                decorated.Properties.Add(new PSNoteProperty(each[0].GetString(), Read(each[1])), true);
            }
            return decorated;
        }

        internal static Exception ReadException(JsonElement e)
        {
            var message = e.GetProperty("v").GetString();
            var type = Find(e.GetProperty("n").GetString());
            var inner = e.TryGetProperty("inner", out var within) ? ReadException(within) : null;
            var made = Make(type, message, inner) ?? Make(type, message) ?? new RuntimeException(message, inner);
            if (made.Message != message) made = new RuntimeException(message, inner);
            if (e.GetProperty("r").GetInt32() is var result && result != 0) made.HResult = result;
            return made;
        }

        static Exception Make(Type type, params object[] args)
        {
            if (type == null || !typeof(Exception).IsAssignableFrom(type)) return null;
            var kinds = args.Length == 1 ? new[] { typeof(string) } : new[] { typeof(string), typeof(Exception) };
            try { return (Exception)type.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, kinds, null)?.Invoke(args); }
            // Some of .NET's refuse to be made where there is no Windows.
            catch (TargetInvocationException)
            {
                var made = RuntimeHelpers.GetUninitializedObject(type);
                typeof(Exception).GetField("_message", BindingFlags.Instance | BindingFlags.NonPublic).SetValue(made, args[0]);
                return (Exception)made;
            }
        }

        internal static void Refuse(JsonElement e)
        {
            if (e.GetProperty("id").GetString() == "LabUnsupported") throw Bridge.Unsupported(e.GetProperty("exception").GetProperty("v").GetString());
        }

        // What a method of the simulator threw: PowerShell wraps it itself.
        internal static Exception ReadThrown(JsonElement e)
        {
            Refuse(e);
            var exception = e.GetProperty("exception");
            return ReadException(exception.TryGetProperty("inner", out var inner) ? inner : exception);
        }

        // What reading or setting a property threw: PowerShell leaves exceptions of these kinds as they are.
        internal static Exception ReadMemberFault(JsonElement e, string op)
        {
            Refuse(e);
            var record = ReadError(e);
            var inner = record.Exception.InnerException ?? record.Exception;
            RuntimeException made = op == "set" ? new SetValueInvocationException(record.Exception.Message, inner) : new GetValueInvocationException(record.Exception.Message, inner);
            Internals.SetId(made, IdOf(e), record.CategoryInfo.Category);
            return made;
        }

        // Methods and properties are the work of a command of the engine's own, which adds its class.
        static string IdOf(JsonElement e) => System.Text.RegularExpressions.Regex.Replace(e.GetProperty("id").GetString(), ",[^,]*KtLabOperation[^,]*$", "");

        internal static ErrorRecord ReadError(JsonElement e)
        {
            var id = IdOf(e);
            var made = new ErrorRecord(ReadException(e.GetProperty("exception")), id, Enum.Parse<ErrorCategory>(e.GetProperty("category").GetString()), Read(e.GetProperty("target")));
            Internals.SetFullId(made, id);
            if (e.TryGetProperty("details", out var details)) made.ErrorDetails = new ErrorDetails(details.GetString());
            if (e.GetProperty("activity").GetString() is var activity && activity != "") made.CategoryInfo.Activity = activity;
            if (e.GetProperty("reason").GetString() is var reason && reason != "") made.CategoryInfo.Reason = reason;
            if (e.GetProperty("targetName").GetString() is var target && target != "") made.CategoryInfo.TargetName = target;
            return made;
        }
    }
}

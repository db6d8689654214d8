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
            if (given is PSObject decorated && Bridge.HandleOf(decorated) is var handle && handle != 0) { WriteHandle(w, handle); return; }
            switch (Bare(given))
            {
                case null: w.WriteNullValue(); return;
                case string text: w.WriteStringValue(text); return;
                case bool truth: w.WriteBooleanValue(truth); return;
                case int number: w.WriteNumberValue(number); return;
                case Shadow shadow: WriteHandle(w, shadow.Handle); return;
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

        static void WriteHandle(Utf8JsonWriter w, long handle)
        {
            w.WriteStartObject();
            w.WriteNumber("h", handle);
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
            foreach (var each in v.EnumerateArray()) bag.Properties.Add(new PSNoteProperty(each[0].GetString(), Read(each[1])));
            return bag;
        }

        static void Name(PSObject made, JsonElement e)
        {
            made.TypeNames.Clear();
            foreach (var each in e.GetProperty("n").EnumerateArray()) made.TypeNames.Add(each.GetString());
        }

        static string Quoted(string name) => "'" + name.Replace("'", "''") + "'";

        static object ReadObject(JsonElement e, JsonElement v)
        {
            var handle = e.GetProperty("h").GetInt64();
            var type = typeof(Bridge).Assembly.GetType(e.GetProperty("c").GetString());
            if (type != null && typeof(Shadow).IsAssignableFrom(type))
            {
                var shadow = (Shadow)RuntimeHelpers.GetUninitializedObject(type);
                shadow.Handle = handle;
                if (v.GetArrayLength() == 0) return shadow;
                var decorated = new PSObject(shadow);
                foreach (var each in v.EnumerateArray()) decorated.Properties.Add(new PSNoteProperty(each[0].GetString(), Read(each[1])));
                return decorated;
            }
            var made = e.TryGetProperty("i", out var items) ? new PSObject(new ArrayList(items.EnumerateArray().Select(Read).ToArray())) : new PSObject();
            Name(made, e);
            Bridge.Hold(made, handle);
            foreach (var each in v.EnumerateArray()) made.Properties.Add(new PSNoteProperty(each[0].GetString(), Read(each[1])), true);
            foreach (var each in e.GetProperty("p").EnumerateArray())
            {
                var name = each.GetString();
                if (made.BaseObject is ArrayList && name == "Count") continue;
                made.Properties.Add(new PSScriptProperty(name,
                    ScriptBlock.Create("[Kintsugi.Lab.Bridge]::GetOn($this, " + Quoted(name) + ")"),
                    ScriptBlock.Create("[Kintsugi.Lab.Bridge]::SetOn($this, " + Quoted(name) + ", $args[0])")), true);
            }
            foreach (var each in e.GetProperty("m").EnumerateArray())
                made.Methods.Add(new PSScriptMethod(each.GetString(), ScriptBlock.Create("try { [Kintsugi.Lab.Bridge]::CallOn($this, " + Quoted(each.GetString()) + ", $args) } catch { throw $_.Exception.InnerException }")), true);
            return made;
        }

        internal static Exception ReadException(JsonElement e)
        {
            var message = e.GetProperty("v").GetString();
            Exception made = null;
            try { if (Find(e.GetProperty("n").GetString()) is Type type) made = (Exception)Activator.CreateInstance(type, message); }
            catch (MissingMethodException) { }
            catch (InvalidCastException) { }
            made = made ?? new RuntimeException(message);
            if (made.Message != message) made = new RuntimeException(message);
            made.HResult = e.GetProperty("r").GetInt32();
            return made;
        }

        // What a method of the simulator threw: PowerShell wraps it itself.
        internal static Exception ReadThrown(JsonElement e)
        {
            if (e.GetProperty("id").GetString() == "LabUnsupported") return new LabUnsupportedException(e.GetProperty("exception").GetProperty("v").GetString());
            var exception = e.GetProperty("exception");
            return ReadException(exception.TryGetProperty("inner", out var inner) ? inner : exception);
        }

        static readonly FieldInfo fullId = typeof(ErrorRecord).GetField("_serializedFullyQualifiedErrorId", BindingFlags.Instance | BindingFlags.NonPublic);

        internal static ErrorRecord ReadError(JsonElement e)
        {
            var id = e.GetProperty("id").GetString();
            var made = new ErrorRecord(ReadException(e.GetProperty("exception")), id, Enum.Parse<ErrorCategory>(e.GetProperty("category").GetString()), Read(e.GetProperty("target")));
            // A function's name would be added behind the id; the simulated command's own id is whole.
            fullId?.SetValue(made, id);
            if (e.TryGetProperty("details", out var details)) made.ErrorDetails = new ErrorDetails(details.GetString());
            if (e.GetProperty("activity").GetString() is var activity && activity != "") made.CategoryInfo.Activity = activity;
            if (e.GetProperty("reason").GetString() is var reason && reason != "") made.CategoryInfo.Reason = reason;
            if (e.GetProperty("targetName").GetString() is var target && target != "") made.CategoryInfo.TargetName = target;
            return made;
        }
    }
}

// What of a script's text would tell the truth about the wrong machine is pointed at the simulator before PowerShell compiles it.
namespace Kintsugi.Lab
{
    // Environment variables are this process' as well as the simulated one's.
    static class Variables
    {
        // System.Environment is the simulated one here.
        static readonly Type real = typeof(object).Assembly.GetType("System.Environment");
        static readonly Func<IDictionary> all = real.GetMethod("GetEnvironmentVariables", Type.EmptyTypes).CreateDelegate<Func<IDictionary>>();
        static readonly Action<string, string> set = real.GetMethod("SetEnvironmentVariable", new[] { typeof(string), typeof(string) }).CreateDelegate<Action<string, string>>();
        static Dictionary<string, string> told = new Dictionary<string, string>();

        internal static Dictionary<string, string> Own()
        {
            var own = new Dictionary<string, string>();
            foreach (DictionaryEntry each in all())
                if (!Script.IsOneOf((string)each.Key, "HOME", "TMPDIR", "PSModulePath")) own[(string)each.Key] = (string)each.Value;
            return own;
        }

        internal static void Prepare() => told = Own();

        internal static void Tell(Utf8JsonWriter writer)
        {
            var now = Own();
            var changed = now.Where(each => !told.TryGetValue(each.Key, out var before) || before != each.Value).ToList();
            var gone = told.Keys.Where(name => !now.ContainsKey(name)).ToList();
            if (changed.Count + gone.Count == 0) return;
            writer.WriteStartObject("environment");
            foreach (var each in changed) writer.WriteString(each.Key, each.Value);
            foreach (var name in gone) writer.WriteNull(name);
            writer.WriteEndObject();
            told = now;
        }

        internal static void Take(JsonElement answer)
        {
            if (!answer.TryGetProperty("environment", out var changed)) return;
            foreach (var each in changed.EnumerateObject())
            {
                var name = told.Keys.FirstOrDefault(known => Script.IsOneOf(known, each.Name)) ?? each.Name;
                set(name, each.Value.ValueKind == JsonValueKind.Null ? null : each.Value.GetString());
            }
            told = Own();
        }
    }

    public static class Script
    {
        static HashSet<string> known;
        static Dictionary<string, string> environment;
        public static int Pid;
        // Where the file lies whose text is run; PowerShell says so of its own files alone.
        public static string Path, Root;
        public static void Place(string path, string root) { Path = path; Root = root; }

        public static void Prepare(string[] knownTypes, string[] environmentNames, int pid)
        {
            known = new HashSet<string>(knownTypes, StringComparer.OrdinalIgnoreCase);
            environment = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var name in environmentNames) environment[name] = name;
            Pid = pid;
            Variables.Prepare();
        }

        public static DateTime UtcNow => (DateTime)Bridge.GetStatic("System.DateTime", "UtcNow");
        public static DateTime Now => (DateTime)Bridge.GetStatic("System.DateTime", "Now");
        public static DateTime Today => (DateTime)Bridge.GetStatic("System.DateTime", "Today");
        public static ScriptBlock Create(string text) => ScriptBlock.Create(Rewrite(text));
        public static bool Knows(string type) => known.Contains(type.TrimEnd('[', ']')) || known.Contains("System." + type.TrimEnd('[', ']'));
        public static bool Ends() => Internals.IsStopping() ? throw new PipelineStoppedException() : false;
        public static object Unsupported(string what) => throw Bridge.Unsupported("the lab does not run " + what + ".");

        public static string Rewrite(string text)
        {
            var tree = Parser.ParseInput(text, out _, out var errors);
            // PowerShell itself says what is wrong with the text.
            if (errors.Length > 0) return text;
            var own = new HashSet<string>(tree.FindAll(each => each is TypeDefinitionAst, true).Select(each => ((TypeDefinitionAst)each).Name), StringComparer.OrdinalIgnoreCase);
            var changes = new SortedDictionary<int, (int End, string Text)>();
            foreach (var each in tree.FindAll(_ => true, true))
            {
                if (Replacement(each, own) is string fresh) changes[each.Extent.StartOffset] = (each.Extent.EndOffset, fresh);
                // What stops a script passes every `catch`: the first thing that one does is to ask. A loop leaves $? alone.
                if (((each as CatchClauseAst)?.Body ?? (each as TrapStatementAst)?.Body) is StatementBlockAst handler)
                    changes[handler.Extent.StartOffset] = (handler.Extent.StartOffset + 1, "{while ([Kintsugi.Lab.Script]::Ends()) {} ");
            }
            var made = new StringBuilder();
            var at = 0;
            foreach (var change in changes)
            {
                if (change.Key < at) continue;
                made.Append(text, at, change.Key - at).Append(change.Value.Text);
                at = change.Value.End;
            }
            return made.Append(text, at, text.Length - at).ToString();
        }

        static string Replacement(Ast each, HashSet<string> own)
        {
            switch (each)
            {
                case VariableExpressionAst variable: return OfVariable(variable);
                case MemberExpressionAst { Static: true, Expression: TypeExpressionAst type } access:
                    var name = type.TypeName.FullName;
                    var member = (access.Member as StringConstantExpressionAst)?.Value ?? "";
                    if (IsOneOf(name, "datetime", "System.DateTime") && !(access is InvokeMemberExpressionAst) && IsOneOf(member, "UtcNow", "Now", "Today"))
                        return "([Kintsugi.Lab.Script]::" + member + ")";
                    if (IsKnown(type.TypeName, own)) return LacksStatic(type.TypeName, access, member) is string lacked ? "$([Kintsugi.Lab.Script]::Unsupported('" + lacked + "'))" : null;
                    return "$([Kintsugi.Lab.Script]::Unsupported('the type [" + name.Replace("'", "''") + "]'))";
                // The modules of this PowerShell are not the machine's.
                case StringConstantExpressionAst { Parent: CommandAst call } word when call.CommandElements[0] == word && word.Value.IndexOf('\\') is var cut && cut > 0 && Session.Simulates(word.Value.Substring(cut + 1)):
                    return word.Value.Substring(cut + 1);
                case TypeExpressionAst type:
                    if (type.Parent is InvokeMemberExpressionAst { Member: StringConstantExpressionAst create } && IsOneOf(type.TypeName.FullName, "scriptblock", "System.Management.Automation.ScriptBlock", "Management.Automation.ScriptBlock") && IsOneOf(create.Value, "Create"))
                        return "[Kintsugi.Lab.Script]";
                    return null;
                default: return null;
            }
        }

        // What a simulated type has not may be what Windows has.
        static string LacksStatic(ITypeName name, MemberExpressionAst access, string member)
        {
            if (member == "" || IsOneOf(member, "new") || access.Parent is AssignmentStatementAst) return null;
            var type = name.GetReflectionType();
            if (type == null || !typeof(Shadow).IsAssignableFrom(type)) return null;
            if (type.GetMember(member, BindingFlags.Static | BindingFlags.Public | BindingFlags.FlattenHierarchy | BindingFlags.IgnoreCase).Length > 0) return null;
            return "[" + type.FullName + "]::" + member + (access is InvokeMemberExpressionAst ? "()" : "");
        }

        static string OfVariable(VariableExpressionAst variable)
        {
            var path = variable.VariablePath;
            // Inside "…" the reference stands without parentheses of its own.
            var inText = variable.Parent is ExpandableStringExpressionAst;
            string Value(string expression) => inText ? "$(" + expression + ")" : "(" + expression + ")";
            if (path.IsDriveQualified && IsOneOf(path.DriveName, "env"))
            {
                var name = path.UserPath.Substring(path.UserPath.IndexOf(':') + 1);
                // A new variable goes by the name that it was first called by.
                if (environment.TryAdd(name, name)) return null;
                return environment[name] is var real && real != name ? "${env:" + real + "}" : null;
            }
            if (variable.Splatted) return null;
            if (IsOneOf(path.UserPath, "PID")) return Value("[Kintsugi.Lab.Script]::Pid");
            if (Path != null && IsOneOf(path.UserPath, "PSScriptRoot")) return Value("[Kintsugi.Lab.Script]::Root");
            if (Path != null && IsOneOf(path.UserPath, "PSCommandPath")) return Value("[Kintsugi.Lab.Script]::Path");
            if (IsOneOf(path.UserPath, "PWD")) return inText ? "$((Get-Location).Path)" : "(Get-Location)";
            return null;
        }

        static bool IsKnown(ITypeName name, HashSet<string> own) => name switch
        {
            ArrayTypeName array => IsKnown(array.ElementType, own),
            GenericTypeName generic => IsKnown(generic.TypeName, own),
            _ => known.Contains(name.FullName) || known.Contains("System." + name.FullName) || own.Contains(name.FullName),
        };

        internal static bool IsOneOf(string text, params string[] names) => names.Contains(text, StringComparer.OrdinalIgnoreCase);
    }
}

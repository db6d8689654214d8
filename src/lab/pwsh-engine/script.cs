// What of a script's text would tell the truth about the wrong machine is pointed at the simulator before PowerShell compiles it.
namespace Kintsugi.Lab
{
    public static class Script
    {
        static HashSet<string> known;
        static Dictionary<string, string> environment;
        public static int Pid;

        public static void Prepare(string[] knownTypes, string[] environmentNames, int pid)
        {
            known = new HashSet<string>(knownTypes, StringComparer.OrdinalIgnoreCase);
            environment = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var name in environmentNames) environment[name] = name;
            Pid = pid;
        }

        public static DateTime UtcNow => (DateTime)Bridge.GetStatic("System.DateTime", "UtcNow");
        public static DateTime Now => (DateTime)Bridge.GetStatic("System.DateTime", "Now");
        public static DateTime Today => (DateTime)Bridge.GetStatic("System.DateTime", "Today");
        public static ScriptBlock Create(string text) => ScriptBlock.Create(Rewrite(text));
        public static bool Knows(string type) => known.Contains(type.TrimEnd('[', ']')) || known.Contains("System." + type.TrimEnd('[', ']'));
        // What nobody simulates: the simulator hears of it, so that the pipeline fails even where a script catches the error.
        public static ErrorRecord Unsupported(string what) => new LabUnsupportedException(Bridge.TellUnsupported(what)).ErrorRecord;

        public static string Rewrite(string text)
        {
            var tree = Parser.ParseInput(text, out _, out var errors);
            // PowerShell itself says what is wrong with the text.
            if (errors.Length > 0) return text;
            var own = new HashSet<string>(tree.FindAll(each => each is TypeDefinitionAst, true).Select(each => ((TypeDefinitionAst)each).Name), StringComparer.OrdinalIgnoreCase);
            var changes = new SortedDictionary<int, (int End, string Text)>();
            foreach (var each in tree.FindAll(_ => true, true))
                if (Replacement(each, own) is string fresh) changes[each.Extent.StartOffset] = (each.Extent.EndOffset, fresh);
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
                    if (IsKnown(type.TypeName, own)) return null;
                    return "$(throw [Kintsugi.Lab.Script]::Unsupported('[" + name.Replace("'", "''") + "]'))";
                case TypeExpressionAst type:
                    if (type.Parent is InvokeMemberExpressionAst { Member: StringConstantExpressionAst create } && IsOneOf(type.TypeName.FullName, "scriptblock", "System.Management.Automation.ScriptBlock", "Management.Automation.ScriptBlock") && IsOneOf(create.Value, "Create"))
                        return "[Kintsugi.Lab.Script]";
                    return null;
                default: return null;
            }
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
                return environment.TryGetValue(name, out var real) && real != name ? "${env:" + real + "}" : null;
            }
            if (variable.Splatted) return null;
            if (IsOneOf(path.UserPath, "PID")) return Value("[Kintsugi.Lab.Script]::Pid");
            if (IsOneOf(path.UserPath, "PWD")) return Value("Get-Location");
            return null;
        }

        static bool IsKnown(ITypeName name, HashSet<string> own) => name switch
        {
            ArrayTypeName array => IsKnown(array.ElementType, own),
            GenericTypeName generic => IsKnown(generic.TypeName, own),
            _ => known.Contains(name.FullName) || known.Contains("System." + name.FullName) || own.Contains(name.FullName),
        };

        static bool IsOneOf(string text, params string[] names) => names.Contains(text, StringComparer.OrdinalIgnoreCase);
    }
}

// Simulated commands and programs as PowerShell calls them.
namespace Kintsugi.Lab
{
    // The class of each simulated command derives from it; PowerShell binds, the simulator does the work when all input is there.
    public abstract class LabCommand : PSCmdlet
    {
        static readonly HashSet<string> ofPowerShell = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
        {
            "ErrorAction", "ErrorVariable", "OutVariable", "OutBuffer", "PipelineVariable", "WarningAction", "WarningVariable",
            "InformationAction", "InformationVariable", "ProgressAction",
        };
        readonly List<object> input = new List<object>();
        readonly Dictionary<string, object> given = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);

        protected override void BeginProcessing()
        {
            // What the pipeline gives is bound in the simulator.
            foreach (var each in MyInvocation.BoundParameters) given[each.Key] = each.Value;
        }

        protected override void ProcessRecord()
        {
            if (MyInvocation.ExpectingInput) input.Add(Internals.CurrentOf(this));
        }

        protected override void EndProcessing()
        {
            // Nothing came that could be bound, and PowerShell has said so.
            if (MyInvocation.ExpectingInput && input.Count == 0) return;
            if (OwnDrives.Take(this, given, input)) return;
            Bridge.Command(this, MyInvocation.MyCommand.Name, Told(), MyInvocation.ExpectingInput ? input : null, IsStop());
        }

        bool IsStop() => (given.TryGetValue("ErrorAction", out var action) ? action : GetVariableValue("ErrorActionPreference"))?.ToString() == "Stop";

        IEnumerable<KeyValuePair<string, object>> Told()
        {
            var told = given.Where(each => !ofPowerShell.Contains(each.Key)).ToList();
            void Prefer(string name, bool isWanted) { if (isWanted && !given.ContainsKey(name)) told.Add(new KeyValuePair<string, object>(name, true)); }
            Prefer("Verbose", IsTold("VerbosePreference"));
            Prefer("Debug", IsTold("DebugPreference"));
            var attribute = (CmdletAttribute)GetType().GetCustomAttributes(typeof(CmdletAttribute), false)[0];
            Prefer("WhatIf", attribute.SupportsShouldProcess && LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference")));
            return told;
        }

        bool IsTold(string preference) => GetVariableValue(preference)?.ToString() is var value && value != "SilentlyContinue" && value != "Ignore";
    }

    // Items of drives that are the session's and not the machine's.
    static class OwnDrives
    {
        static readonly Dictionary<string, CmdletInfo> real = new Dictionary<string, CmdletInfo>(StringComparer.OrdinalIgnoreCase);

        internal static void Learn(CmdletInfo command) => real[command.Name] = command;

        static bool IsOwn(object path) =>
            Wire.Bare(path) is string text && new[] { "env:", "variable:", "function:", "alias:" }.Any(drive => text.StartsWith(drive, StringComparison.OrdinalIgnoreCase));

        static IEnumerable<object> Paths(object value) => value is object[] or string[] ? ((IEnumerable)value).Cast<object>() : new[] { value };

        internal static bool Take(PSCmdlet cmdlet, Dictionary<string, object> given, List<object> input)
        {
            if (!real.TryGetValue(cmdlet.MyInvocation.MyCommand.Name, out var command)) return false;
            var paths = new[] { "Path", "LiteralPath" }.Where(given.ContainsKey).SelectMany(name => Paths(given[name]));
            if (!paths.Concat(input).Any(IsOwn)) return false;
            using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
            shell.AddCommand(command).AddParameters(given);
            foreach (var each in cmdlet.MyInvocation.ExpectingInput ? shell.Invoke(input) : shell.Invoke()) cmdlet.WriteObject(each);
            foreach (var error in shell.Streams.Error) cmdlet.WriteError(error);
            return true;
        }
    }
}

namespace Kintsugi.Lab
{
    // What the preparation of a session calls.
    public static class Session
    {
        static readonly HashSet<string> commands = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        public static bool Simulates(string name) => commands.Contains(name);

        public static void LearnItemCommand(CmdletInfo command) => OwnDrives.Learn(command);

        public static void AddCommand(EngineIntrinsics engine, string name, string type, string className, string defaultSet, bool mayChange)
        {
            commands.Add(name);
            // A cmdlet is named by verb and noun: what Windows has as a function without them (mkdir) is one behind an alias.
            if (name.IndexOf('-') < 0) name = "Invoke-" + name;
            var cut = name.IndexOf('-');
            var emitted = Emitted.Command(typeof(Bridge).Assembly.GetType(type), className, name.Substring(0, cut), name.Substring(cut + 1), defaultSet, mayChange);
            Internals.AddCmdlet(engine, name, emitted);
        }
    }
}

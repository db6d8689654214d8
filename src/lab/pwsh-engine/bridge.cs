// The half of the lab's pwsh engine that lives in the PowerShell process: every simulated command, type and program asks the simulator
// through one pipe, a JSON object a line there and back (simulator-door.ts answers; wire-values.ts says how values are written).
using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Collections.Specialized;
using System.Globalization;
using System.IO.Pipes;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Language;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security;
using System.Text;
using System.Text.Json;

namespace Kintsugi.Lab
{
    public sealed class Held { internal readonly long Handle; internal Held(long handle) { Handle = handle; } }

    // An object that lives in the simulator; classes of simulated types derive from it.
    public abstract class Shadow
    {
        internal long Handle;
        protected Shadow() { }
        protected Shadow(Held held) { Handle = held.Handle; }
        public override string ToString() => Bridge.Text(Handle);
    }

    public sealed class LabUnsupportedException : RuntimeException
    {
        public LabUnsupportedException(string message) : base(message, null, Record(message)) { }
        static ErrorRecord Record(string message) => new ErrorRecord(new NotSupportedException(message), "LabUnsupported", ErrorCategory.NotImplemented, null);
    }

    // A value that has no form on the pipe.
    sealed class NotWrittenException : Exception { internal NotWrittenException(string type) : base(type) { } }

    public static class Bridge
    {
        static NamedPipeClientStream pipe;
        static readonly byte[] buffer = new byte[65536];
        static int filled, taken;
        static readonly object turn = new object();
        static readonly ConditionalWeakTable<PSObject, Held> held = new ConditionalWeakTable<PSObject, Held>();

        public static void Open(string name)
        {
            pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut);
            pipe.Connect(30000);
        }

        static string ReadLine()
        {
            using var line = new System.IO.MemoryStream();
            for (;;)
            {
                int end = Array.IndexOf(buffer, (byte)10, taken, filled - taken);
                if (end >= 0)
                {
                    line.Write(buffer, taken, end - taken);
                    taken = end + 1;
                    return Encoding.UTF8.GetString(line.ToArray());
                }
                line.Write(buffer, taken, filled - taken);
                taken = 0;
                filled = pipe.Read(buffer, 0, buffer.Length);
                if (filled == 0) throw new PipelineStoppedException();
            }
        }

        static JsonElement Ask(Action<Utf8JsonWriter> write)
        {
            using var request = new System.IO.MemoryStream();
            using (var writer = new Utf8JsonWriter(request))
            {
                writer.WriteStartObject();
                try { write(writer); }
                catch (NotWrittenException refused) { throw new LabUnsupportedException(TellUnsupported("handing a value of type " + refused.Message + " to the machine")); }
                writer.WriteEndObject();
            }
            request.WriteByte(10);
            lock (turn)
            {
                pipe.Write(request.GetBuffer(), 0, (int)request.Length);
                pipe.Flush();
                return JsonDocument.Parse(ReadLine(), new JsonDocumentOptions { MaxDepth = 256 }).RootElement;
            }
        }

        static void WriteList(Utf8JsonWriter w, string name, IEnumerable values)
        {
            w.WriteStartArray(name);
            foreach (var value in values) Wire.Write(w, value);
            w.WriteEndArray();
        }

        static object Operate(string op, string type, string name, long target, object[] args)
        {
            var answer = Ask(w =>
            {
                w.WriteString("op", op);
                w.WriteString("type", type);
                w.WriteString("name", name);
                w.WriteNumber("target", target);
                WriteList(w, "args", args ?? new object[] { null });
            });
            if (answer.TryGetProperty("bytes", out var changed))
                foreach (var each in changed.EnumerateObject())
                {
                    var fresh = each.Value.GetBytesFromBase64();
                    Array.Copy(fresh, (byte[])Wire.Bare(args[int.Parse(each.Name)]), fresh.Length);
                }
            switch (answer.GetProperty("end").GetString())
            {
                case "failed": throw Wire.ReadThrown(answer.GetProperty("error"));
                case "stopped": throw new PipelineStoppedException();
            }
            return answer.TryGetProperty("value", out var value) ? Wire.Read(value) : AutomationNull.Value;
        }

        public static Held Construct(string type, object[] args)
        {
            var made = Operate("construct", type, "new", 0, args);
            return new Held(((Shadow)Wire.Bare(made)).Handle);
        }
        public static object Static(string type, string name, object[] args) => Operate("static", type, name, 0, args);
        public static object GetStatic(string type, string name) => Operate("getStatic", type, name, 0, new object[0]);
        public static void SetStatic(string type, string name, object value) => Operate("setStatic", type, name, 0, new[] { value });
        public static object Call(Shadow target, string name, object[] args) => Operate("call", "", name, target.Handle, args);
        public static object Get(Shadow target, string name) => Operate("get", "", name, target.Handle, new object[0]);
        public static void Set(Shadow target, string name, object value) => Operate("set", "", name, target.Handle, new[] { value });
        public static string Text(long handle) => (string)Operate("call", "", "ToString", handle, new object[0]);
        public static object ComObject(string name) => Operate("com", "", name, 0, new object[0]);
        public static object CallOn(PSObject target, string name, object[] args) => Operate("call", "", name, HandleOf(target), args);
        public static object GetOn(PSObject target, string name) => Operate("get", "", name, HandleOf(target), new object[0]);
        public static void SetOn(PSObject target, string name, object value) => Operate("set", "", name, HandleOf(target), new[] { value });

        internal static long HandleOf(PSObject target) => target != null && held.TryGetValue(target, out var found) ? found.Handle : 0;
        internal static void Hold(PSObject target, long handle) => held.AddOrUpdate(target, new Held(handle));

        // Says that a script asked for what nobody simulates; gives the message.
        public static string TellUnsupported(string what)
        {
            var message = "LabUnsupported: " + what + " is not simulated.";
            Ask(w => { w.WriteString("op", "unsupported"); w.WriteString("name", message); });
            return message;
        }

        // Runs a simulated command with what PowerShell bound, and writes what it wrote.
        public static void Command(PSCmdlet cmdlet, string name, IDictionary bound, IList input, bool piped)
        {
            var action = cmdlet.GetVariableValue("ErrorActionPreference")?.ToString();
            Play(cmdlet, Ask(w =>
            {
                w.WriteString("op", "command");
                w.WriteString("name", name);
                w.WriteStartArray("bound");
                foreach (DictionaryEntry each in bound)
                {
                    var key = (string)each.Key;
                    if (ofPowerShell.Contains(key)) continue;
                    w.WriteStartArray();
                    w.WriteStringValue(key);
                    Wire.Write(w, each.Value);
                    w.WriteEndArray();
                }
                w.WriteEndArray();
                if (action != null) w.WriteString("errorAction", action);
                if (piped) WriteList(w, "input", input);
            }), action);
        }

        static readonly HashSet<string> ofPowerShell = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
        {
            "ErrorAction", "ErrorVariable", "OutVariable", "OutBuffer", "PipelineVariable", "WarningAction", "WarningVariable",
            "InformationAction", "InformationVariable", "ProgressAction",
        };

        // Runs a simulated program; its exit code is $LASTEXITCODE.
        public static void Program(PSCmdlet cmdlet, string name, object[] args, IList input)
        {
            var answer = Ask(w =>
            {
                w.WriteString("op", "program");
                w.WriteString("name", name);
                WriteList(w, "args", args);
                WriteList(w, "input", input);
            });
            if (answer.TryGetProperty("exit", out var exit)) cmdlet.SessionState.PSVariable.Set(new PSVariable("global:LASTEXITCODE", exit.GetInt32()));
            Play(cmdlet, answer, null);
        }

        // What the simulator knows of a name that PowerShell does not: "program", "unsupported" or "".
        public static string Resolve(string name) =>
            Ask(w => { w.WriteString("op", "resolve"); w.WriteString("name", name); }).GetProperty("value").GetString();

        static void Play(PSCmdlet cmdlet, JsonElement answer, string action)
        {
            foreach (var record in answer.GetProperty("records").EnumerateArray())
            {
                var value = record[1];
                switch (record[0].GetString())
                {
                    case "output": cmdlet.WriteObject(Wire.Read(value)); break;
                    case "error": cmdlet.WriteError(Wire.ReadError(value)); break;
                    case "warning": cmdlet.WriteWarning(value.GetString()); break;
                    case "verbose": cmdlet.WriteVerbose(value.GetString()); break;
                    case "debug": cmdlet.WriteDebug(value.GetString()); break;
                    case "information": cmdlet.WriteInformation(Wire.Read(value), record[2].EnumerateArray().Select(each => each.GetString()).ToArray()); break;
                }
            }
            switch (answer.GetProperty("end").GetString())
            {
                case "stopped": throw new PipelineStoppedException();
                case "failed":
                    var error = Wire.ReadError(answer.GetProperty("error"));
                    if (action == "Stop") cmdlet.WriteError(error);
                    cmdlet.ThrowTerminatingError(error);
                    break;
            }
        }
    }
}

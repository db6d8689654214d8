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
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Security;
using System.Text;
using System.Text.Json;

namespace Kintsugi.Lab
{
    // A value that has no form on the pipe.
    sealed class NotWrittenException : Exception { internal NotWrittenException(string type) : base(type) { } }

    public static class Bridge
    {
        static NamedPipeClientStream pipe;
        static readonly byte[] buffer = new byte[65536];
        static int filled, taken;
        static readonly object turn = new object();
        // How often the simulator was asked to do something that may have changed what objects hold.
        internal static long Deeds;

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
                catch (NotWrittenException refused) { throw Unsupported("the lab does not run handing a value of the type [" + refused.Message + "] to the machine."); }
                if (Handles.TakeReleased() is long[] released)
                {
                    writer.WriteStartArray("released");
                    foreach (var handle in released) writer.WriteNumberValue(handle);
                    writer.WriteEndArray();
                }
                Variables.Tell(writer);
                writer.WriteEndObject();
            }
            request.WriteByte(10);
            lock (turn)
            {
                pipe.Write(request.GetBuffer(), 0, (int)request.Length);
                pipe.Flush();
                var answer = JsonDocument.Parse(ReadLine(), new JsonDocumentOptions { MaxDepth = 256 }).RootElement;
                Variables.Take(answer);
                return answer;
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
            if (op != "get" && op != "getItem" && op != "items") Deeds++;
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
                case "failed": throw op == "get" || op == "set" ? Wire.ReadMemberFault(answer.GetProperty("error"), op) : Wire.ReadThrown(answer.GetProperty("error"));
                case "stopped": throw new PipelineStoppedException();
            }
            return answer.TryGetProperty("value", out var value) ? Wire.Read(value) : AutomationNull.Value;
        }

        public static Held Construct(string type, object[] args) => new Held((Shadow)Wire.Bare(Operate("construct", type, "new", 0, args)));
        public static object Static(string type, string name, object[] args) => Operate("static", type, name, 0, args);
        public static object GetStatic(string type, string name) => Operate("getStatic", type, name, 0, new object[0]);
        public static void SetStatic(string type, string name, object value) => Operate("setStatic", type, name, 0, new[] { value });
        public static object Call(Shadow target, string name, object[] args) => Operate("call", "", name, target.Handle, args);
        // A method that the class has not may be one that Windows has: the simulator says which error that is.
        internal static void Lacks(Shadow target, string name)
        {
            if (target.GetType().GetMember(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.IgnoreCase).Length > 0 || Script.IsOneOf(name, "ForEach", "Where")) return;
            try { Call(target, name, new object[0]); }
            catch (Exception error) when (!(error is PipelineStoppedException)) { }
        }
        public static object Get(Shadow target, string name) => Operate("get", "", name, target.Handle, new object[0]);
        public static void Set(Shadow target, string name, object value) => Operate("set", "", name, target.Handle, new[] { value });
        public static object Items(Shadow target) => Operate("items", "", "", target.Handle, new object[0]);
        public static object GetItem(Shadow target, object index) => Operate("getItem", "", "", target.Handle, new[] { index });
        public static void SetItem(Shadow target, object index, object value) => Operate("setItem", "", "", target.Handle, new[] { index, value });
        public static object Convert(string type, object value) => Wire.Bare(Operate("convert", type, "", 0, new[] { value }));
        public static bool Same(Shadow target, object other) => (bool)Operate("equals", "", "", target.Handle, new[] { other });
        public static object ComObject(string name) => Operate("com", "", name, 0, new object[0]);

        // Scripts of the engine's own say this.
        const string ofEngine = "# Kintsugi.Lab's own";

        // Where in the script of the user the present call stands.
        static IScriptExtent Place() =>
            System.Management.Automation.Runspaces.Runspace.DefaultRunspace?.Debugger?.GetCallStack().Select(each => each.Position).FirstOrDefault(each => !each.StartScriptPosition.GetFullScript().Contains(ofEngine));

        // What nobody simulates: the simulator hears of it with the place in the script, and the pipeline stops, past every `catch`.
        internal static Exception Unsupported(string what)
        {
            // Where the simulator says a place, it is one in the call that it was asked for.
            var told = System.Text.RegularExpressions.Regex.Replace(what, @"^\S+?:\d+:\d+: ", "");
            var place = Place();
            var message = (place == null || !told.StartsWith("the lab ") ? "" : (place.File ?? "script") + ":" + place.StartLineNumber + ":" + place.StartColumnNumber + ": ") + told;
            Ask(w => { w.WriteString("op", "unsupported"); w.WriteString("name", message); });
            Internals.StopPipeline();
            return new PipelineStoppedException();
        }

        // Runs a simulated command with what PowerShell bound, and writes what it wrote.
        internal static void Command(PSCmdlet cmdlet, string name, IEnumerable<KeyValuePair<string, object>> bound, IList input, bool isStop)
        {
            Deeds++;
            Play(cmdlet, Ask(w =>
            {
                w.WriteString("op", "command");
                w.WriteString("name", name);
                w.WriteStartArray("bound");
                foreach (var each in bound)
                {
                    w.WriteStartArray();
                    w.WriteStringValue(each.Key);
                    Wire.Write(w, each.Value);
                    w.WriteEndArray();
                }
                w.WriteEndArray();
                if (isStop) w.WriteString("errorAction", "Stop");
                if (input != null) WriteList(w, "input", input);
            }), isStop);
        }

        // Runs a simulated program; its exit code is $LASTEXITCODE.
        public static void Program(PSCmdlet cmdlet, string name, object[] args, IList input)
        {
            Deeds++;
            var answer = Ask(w =>
            {
                w.WriteString("op", "program");
                w.WriteString("name", name);
                WriteList(w, "args", args);
                WriteList(w, "input", input);
            });
            if (Place() is IScriptExtent place) cmdlet.MyInvocation.DisplayScriptPosition = place;
            if (answer.TryGetProperty("exit", out var exit)) cmdlet.SessionState.PSVariable.Set(new PSVariable("global:LASTEXITCODE", exit.GetInt32()));
            Play(cmdlet, answer, false);
        }

        // What the simulator knows of a name that PowerShell does not: "program", "unsupported" or "".
        public static string Resolve(string name) =>
            Ask(w => { w.WriteString("op", "resolve"); w.WriteString("name", name); }).GetProperty("value").GetString();

        static void Play(PSCmdlet cmdlet, JsonElement answer, bool isStop)
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
                    Wire.Refuse(answer.GetProperty("error"));
                    var error = Wire.ReadError(answer.GetProperty("error"));
                    if (isStop) cmdlet.WriteError(error);
                    cmdlet.ThrowTerminatingError(error);
                    break;
            }
        }
    }
}

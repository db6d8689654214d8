// What the engine needs of PowerShell that PowerShell shows nobody. A PowerShell that has it not ends the preparation of the session.
namespace Kintsugi.Lab
{
    static class Internals
    {
        const BindingFlags own = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        const BindingFlags shared = BindingFlags.Static | BindingFlags.NonPublic;

        static readonly FieldInfo fullId = typeof(ErrorRecord).GetField("_serializedFullyQualifiedErrorId", own);
        static readonly PropertyInfo current = typeof(Cmdlet).BaseType.GetProperty("CurrentPipelineObject", own);
        static readonly MethodInfo setId = typeof(RuntimeException).GetMethod("SetErrorId", own);
        static readonly MethodInfo setCategory = typeof(RuntimeException).GetMethod("SetErrorCategory", own);
        static readonly MethodInfo adapterSet = typeof(PSObject).GetMethod("CreateThirdPartyAdapterSet", shared);
        static readonly IDictionary adapters = (IDictionary)typeof(PSObject).GetField("s_adapterMapping", shared).GetValue(null);
        static readonly ShadowAdapter adapter = new ShadowAdapter();

        // The whole id of an error: a command's class would be added behind it.
        internal static void SetFullId(ErrorRecord record, string id) => fullId.SetValue(record, id);

        internal static void SetId(RuntimeException exception, string id, ErrorCategory category)
        {
            setId.Invoke(exception, new object[] { id });
            setCategory.Invoke(exception, new object[] { category });
        }

        // What stands in the pipeline before a command, as it is there.
        internal static object CurrentOf(PSCmdlet cmdlet) => current.GetValue(cmdlet);

        // Whether PowerShell looks for a method: it asks an adapter for a property of that name first, and says no more.
        internal static bool IsCallingMethod() => new System.Diagnostics.StackTrace().GetFrames().Any(each => each.GetMethod()?.DeclaringType?.Name == "PSInvokeMemberBinder");

        static object Stopper()
        {
            var pipeline = typeof(System.Management.Automation.Runspaces.Runspace).GetMethod("GetCurrentlyRunningPipeline", own).Invoke(System.Management.Automation.Runspaces.Runspace.DefaultRunspace, null);
            return pipeline.GetType().GetProperty("Stopper", own).GetValue(pipeline);
        }

        // Stops what runs, as the user's own stop does: PowerShell turns what adapters throw into errors that a script could catch.
        internal static void StopPipeline() { var stopper = Stopper(); stopper.GetType().GetMethod("Stop", own, Type.EmptyTypes).Invoke(stopper, null); }

        internal static bool IsStopping() { var stopper = Stopper(); return (bool)stopper.GetType().GetProperty("IsStopping", own).GetValue(stopper); }

        // The properties of a class of simulated objects are the simulator's.
        internal static void Adapt(Type type)
        {
            if (!adapters.Contains(type)) adapters[type] = adapterSet.Invoke(null, new object[] { type, adapter });
        }

        internal static void AddCmdlet(EngineIntrinsics engine, string name, Type type)
        {
            var context = typeof(EngineIntrinsics).GetField("_context", own).GetValue(engine);
            var state = context.GetType().GetProperty("TopLevelSessionState", own).GetValue(context);
            var entry = new System.Management.Automation.Runspaces.SessionStateCmdletEntry(name, type, null);
            if (state.GetType().GetMethod("GetCmdlet", own, new[] { typeof(string) }).Invoke(state, new object[] { name }) != null)
                state.GetType().GetMethod("RemoveCmdletEntry", own, new[] { typeof(string), typeof(bool) }).Invoke(state, new object[] { name, true });
            state.GetType().GetMethod("AddSessionStateEntry", own, new[] { entry.GetType() }).Invoke(state, new object[] { entry });
        }
    }
}

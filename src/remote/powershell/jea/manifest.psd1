#
# Module manifest of a Kintsugi endpoint, written by `kintsugi jea export`: the host kit and the scripts of the actions that it may run.
#
@{
    RootModule        = '<name>.psm1'
    ModuleVersion     = '<version>'
    GUID              = '<guid>'
    Author            = 'Kintsugi'
    Description       = 'What a Kintsugi worker may do on this host through an endpoint without language.'
    PowerShellVersion = '5.1'
    FunctionsToExport = '<functions>'
    CmdletsToExport   = @()
    VariablesToExport = @()
    AliasesToExport   = @()
    PrivateData       = @{
        Kintsugi = @{
            Content = '<content>'
            Actions = '<actions>'
        }
    }
}

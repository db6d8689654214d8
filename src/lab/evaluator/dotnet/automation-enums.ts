import { defineEnum } from '../define.ts';
import { errorCategories } from '../value.ts';

/** ActionPreference. */
export const actionPreferenceEnum = defineEnum('System.Management.Automation.ActionPreference', {
  SilentlyContinue: 0,
  Stop: 1,
  Continue: 2,
  Inquire: 3,
  Ignore: 4,
  Suspend: 5,
});

/** ErrorCategory. */
export const errorCategoryEnum = defineEnum(
  'System.Management.Automation.ErrorCategory',
  Object.fromEntries(errorCategories.map((name, i) => [name, i])),
);

/** CommandTypes. */
export const commandTypesEnum = defineEnum(
  'System.Management.Automation.CommandTypes',
  {
    Alias: 1,
    Function: 2,
    Filter: 4,
    Cmdlet: 8,
    ExternalScript: 16,
    Application: 32,
    Script: 64,
    Workflow: 128,
    Configuration: 256,
    All: 511,
  },
  { flags: true },
);

/** Enums of System.Management.Automation. */
export const automationEnums = [actionPreferenceEnum, errorCategoryEnum, commandTypesEnum];

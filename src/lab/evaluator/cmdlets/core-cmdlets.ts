import { defineExtension } from '../define.ts';
import type { Extension } from '../host.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { compareObject } from './compare-object.ts';
import { cultureCmdlets } from './culture-cmdlets.ts';
import { groupObject, groupTypes } from './group-object.ts';
import { historyCmdlets } from './history.ts';
import { convertFromJson, convertToJson } from './json.ts';
import { measureObject, measureTypes } from './measure-object.ts';
import { memberCmdlets, memberTypes } from './members.ts';
import { promptCmdlets } from './prompt-cmdlets.ts';
import { getUnique, sortObject } from './sort-object.ts';
import { timeCmdlets } from './time.ts';
import { consoleColor, hostMessageType, writeCmdlets } from './write.ts';

/** The cmdlets of Microsoft.PowerShell.Utility that need nothing of a runspace's inside. */
export const coreCmdlets: Extension = defineExtension({
  cmdlets: [
    sortObject,
    getUnique,
    groupObject,
    measureObject,
    compareObject,
    convertToJson,
    convertFromJson,
    ...writeCmdlets,
    ...timeCmdlets,
    ...memberCmdlets,
    ...promptCmdlets,
    ...historyCmdlets,
    ...cultureCmdlets,
  ],
  types: [...groupTypes, ...measureTypes, ...memberTypes, hostMessageType] as readonly TypeDefinition[],
  enums: [consoleColor],
});

import { randomUUID } from 'node:crypto';
import { defineType } from '../evaluator/define.ts';
import type { Extension } from '../evaluator/host.ts';
import { newObject } from '../evaluator/make.ts';
import { openLanguage } from '../windows/runtime/language-host.ts';
import { actorOf } from '../windows/runtime/process-hooks.ts';
import type { Write } from './console-type.ts';
import { keyTypes } from './key-type.ts';
import { noticeTypes } from './notice-types.ts';
import { powerShellTypes } from './power-shell-type.ts';
import { localRunner } from './runner.ts';
import { runspaceType } from './runspace-type.ts';
import { serializerType } from './serializer-type.ts';
import { sessionCmdlets, sessionTypes } from './session-cmdlets.ts';

/** What a PowerShell has that reaches other hosts and runs pipelines beside its own one. @param out its console */
export const remotingExtension = (out: Write): Extension => ({
  cmdlets: sessionCmdlets(out),
  exceptions: {
    'System.Management.Automation.Remoting.PSRemotingTransportException': {
      base: 'System.Management.Automation.RuntimeException',
    },
  },
  types: [
    ...powerShellTypes,
    ...sessionTypes,
    ...noticeTypes,
    ...keyTypes,
    serializerType,
    defineType({
      name: 'System.Management.Automation.Runspaces.RunspaceFactory',
      aliases: ['runspacefactory'],
      statics: {
        methods: {
          CreateRunspace: (_args, context) => {
            const { machine, process } = actorOf(context);
            const runspace = openLanguage(machine, process, [remotingExtension(out)]);
            return newObject(runspaceType, { id: randomUUID(), runner: localRunner(runspace) });
          },
        },
      },
    }),
  ],
});

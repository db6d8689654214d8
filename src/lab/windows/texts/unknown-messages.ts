import { unknownWords as words } from './unknown-text.ts';

/**
 * Messages of Windows PowerShell that it translates, and whose Japanese no source shows: said with what they are about, but in no words. (What a
 * script says itself comes the same way, so messages are known one by one.)
 */
export const unknownMessages: readonly (readonly [english: string, other: string])[] = [
  ["Cannot find any service with service name '{0}'.", `'{0}' ${words}`],
  ["Cannot find any service with display name '{0}'.", `'{0}' ${words}`],
  ["Service '{0}' cannot be started due to the following error: {1}", `'{0}' ${words}: {1}`],
  ["Service '{0}' cannot be stopped due to the following error: {1}", `'{0}' ${words}: {1}`],
  ["Service '{0}' cannot be configured due to the following error: {1}", `'{0}' ${words}: {1}`],
  ["Cannot start service {0} on computer '.'.", `{0} ${words}`],
  ["Cannot stop service {0} on computer '.'.", `{0} ${words}`],
  ["Cannot open service {0} on computer '.'.", `{0} ${words}`],
  ["Cannot open {0} service on computer '.'.", `{0} ${words}`],
  ["Cannot start {0} service on computer '.'.", `{0} ${words}`],
  ["Cannot stop {0} service on computer '.'.", `{0} ${words}`],
  ["Service {0} was not found on computer '.'.", `{0} ${words}`],
  [
    "Cannot stop service '{0}' because it has dependent services. It can only be stopped if the Force flag is set.",
    `'{0}' ${words} (Force)`,
  ],
];

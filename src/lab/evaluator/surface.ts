import type { CmdletDefinition } from './host.ts';

/**
 * Makes a session one without language (PSLanguageMode NoLanguage) for its client: no script text, only visible commands. What runs
 * inside (functions of modules) has all of the language and all commands.
 */
export type Surface = {
  /** Lower-case names of the commands that the client sees. */
  readonly visible: ReadonlySet<string>;
  /** Commands with fewer parameters that stand before those of the same name, also for what runs inside; by lower-case name. */
  readonly proxies: ReadonlyMap<string, CmdletDefinition>;
};

import type { Expression } from '../../../powershell/expression-tree.ts';
import type { Source } from '../../../powershell/source.ts';
import type { Block, ScriptBody, Statement, TypeName } from '../../../powershell/syntax-tree.ts';
import type { CompiledBody } from '../script-block.ts';
import type { Code } from './code.ts';

/** The rules of the compiler that call each other across files, for one script. */
export type Compiler = {
  readonly source: Source;
  /** Names of `using namespace`. */
  readonly usings: string[];
  expression(node: Expression): Code;
  /** Runs a statement; its output goes to the frame's pipe. */
  statement(node: Statement): Code;
  /** Statements in order, with error handling per statement. */
  block(node: Block): Code;
  /** The value of a statement: a lone expression's own value, else what was written, collapsed. */
  value(node: Statement): Code;
  /** The values that statements write, as array. */
  collect(node: Block): Code;
  body(node: ScriptBody): CompiledBody;
  /** A type that is looked up when the code runs for the first time. */
  type(node: TypeName): (frame: import('../frame.ts').Frame) => string;
  /** Ends with `LabUnsupported` while the script is compiled. */
  unsupported(construct: string, offset: number): never;
  /** What stands in for a construct that is refused when it is reached. */
  unsupportedWhenRun(construct: string, offset: number): () => never;
};

import type { Source } from '../../../powershell/source.ts';
import type { Block, ScriptBody } from '../../../powershell/syntax-tree.ts';
import { compileSignature } from '../binding/script-signature.ts';
import type { Signature } from '../binding/signature.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import type { CompiledBody } from '../script-block.ts';
import type { Code } from './code.ts';
import { sync } from './code.ts';
import type { Compiler } from './compiler.ts';

/** A compiled script, function or script block. Its parts are compiled when they first run. */
export type Body = CompiledBody & {
  readonly source: Source;
  readonly node: ScriptBody;
  readonly signature: Signature;
  readonly begin: Code | undefined;
  readonly process: Code | undefined;
  readonly finish: Code | undefined;
  /** Of a whole script with classes or enums: defines them before it begins. */
  readonly define: ((frame: Frame) => Task<void>) | undefined;
};

const nothing: Code = sync(() => undefined);

/** Compiles the parts of a body when they first run. */
export class LazyBody implements Body {
  readonly kind = 'compiled-body';
  readonly source: Source;
  readonly node: ScriptBody;
  readonly define: Body['define'];
  readonly #compiler: Compiler;
  #signature: Signature | undefined;
  readonly #blocks = new Map<Block, Code>();

  constructor(compiler: Compiler, node: ScriptBody, define?: Body['define']) {
    this.#compiler = compiler;
    this.define = define;
    this.source = compiler.source;
    this.node = node;
  }

  #code(block: Block | undefined): Code | undefined {
    if (!block) return undefined;
    let code = this.#blocks.get(block);
    if (!code) {
      code = block.statements.length === 0 ? nothing : this.#compiler.block(block);
      this.#blocks.set(block, code);
    }
    return code;
  }

  get signature(): Signature {
    this.#signature ??= compileSignature(this.#compiler, this.node);
    return this.#signature;
  }

  get begin(): Code | undefined {
    return this.#code(this.node.begin);
  }

  get process(): Code | undefined {
    return this.#code(this.node.process);
  }

  get finish(): Code | undefined {
    return this.#code(this.node.finish);
  }
}

/** The compiled form behind a script block's opaque body. */
export const bodyOf = (body: CompiledBody): Body => {
  if (body instanceof LazyBody) return body;
  throw new Error('a script block that no compiler made');
};

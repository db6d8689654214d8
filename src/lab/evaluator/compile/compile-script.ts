import { Failure } from '../../../kernel/failure.ts';
import type { Source } from '../../../powershell/source.ts';
import { describePlace, textOf } from '../../../powershell/source.ts';
import type { Block, ScriptBody } from '../../../powershell/syntax-tree.ts';
import { compileSignature } from '../binding/script-signature.ts';
import type { Signature } from '../binding/signature.ts';
import type { Frame } from '../frame.ts';
import { raise } from '../raise.ts';
import type { CompiledBody } from '../script-block.ts';
import { resolveType } from '../type-names.ts';
import type { Code } from './code.ts';
import { sync } from './code.ts';
import { compileBlock, compileCollect } from './compile-block.ts';
import { compileExpression } from './compile-expression.ts';
import { compileStatement, compileValue } from './compile-statement.ts';
import type { Compiler } from './compiler.ts';

/** A compiled script, function or script block. Its parts are compiled when they first run. */
export type Body = CompiledBody & {
  readonly source: Source;
  readonly node: ScriptBody;
  readonly signature: Signature;
  readonly begin: Code | undefined;
  readonly process: Code | undefined;
  readonly finish: Code | undefined;
};

const nothing: Code = sync(() => undefined);

class LazyBody implements Body {
  readonly kind = 'compiled-body';
  readonly source: Source;
  readonly node: ScriptBody;
  readonly #compiler: Compiler;
  #signature: Signature | undefined;
  readonly #blocks = new Map<Block, Code>();

  constructor(compiler: Compiler, node: ScriptBody) {
    this.#compiler = compiler;
    this.source = compiler.source;
    this.node = node;
  }

  #code(block: Block | undefined): Code | undefined {
    if (!block) return undefined;
    let code = this.#blocks.get(block);
    if (!code) {
      code = block.statements.length === 0 ? nothing : compileBlock(this.#compiler, block);
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

const libraryName =
  /^(System|Microsoft|Windows|IO|Net|Text|Diagnostics|Collections|Security|Management|ServiceProcess|Globalization|Threading|Reflection|Runtime|Xml|DirectoryServices|ComponentModel|Environment|Data|Web|Linq)(\.|$)/i;

const typeOf = (compiler: Compiler, node: Parameters<Compiler['type']>[0]): ((frame: Frame) => string) => {
  let known: string | undefined;
  return (frame) => {
    if (known !== undefined) return known;
    const written = textOf(compiler.source, node).replace(/^\[|\]$/g, (c, at: number) =>
      at === 0 ? '' : node.ranks.length > 0 || node.arguments.length > 0 ? c : '',
    );
    known = resolveType(frame.session.registry, node, compiler.usings);
    if (known !== undefined) return known;
    // A type that Windows surely has and the lab has not must not look like one that is missing there.
    if (libraryName.test(node.name)) return compiler.unsupported(`the type [${written}]`, node.start);
    return raise({ id: 'TypeNotFound', message: `Unable to find type [${written}].`, target: node.name });
  };
};

/** Compiles a parsed script. */
export const compileScript = (source: Source, node: ScriptBody): Body => {
  const compiler: Compiler = {
    source,
    usings: [],
    expression: (expression) => compileExpression(compiler, expression),
    statement: (statement) => compileStatement(compiler, statement),
    block: (block) => compileBlock(compiler, block),
    value: (statement) => compileValue(compiler, statement),
    collect: (block) => compileCollect(compiler, block),
    body: (body) => new LazyBody(compiler, body),
    type: (type) => typeOf(compiler, type),
    unsupported: (construct, offset) => {
      throw new Failure('lab-unsupported', `${describePlace(source, offset)}: the lab does not run ${construct}.`, {
        facts: { construct, place: describePlace(source, offset) },
      });
    },
  };
  return new LazyBody(compiler, node);
};

/** The compiled form behind a script block's opaque body. */
export const bodyOf = (body: CompiledBody): Body => {
  if (body instanceof LazyBody) return body;
  throw new Error('a script block that no compiler made');
};

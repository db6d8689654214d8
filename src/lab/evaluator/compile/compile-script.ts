import { Failure } from '../../../kernel/failure.ts';
import type { Script } from '../../../powershell/parse-script.ts';
import { describePlace, textOf } from '../../../powershell/source.ts';
import { defineTypes } from '../classes/define-types.ts';
import type { Frame } from '../frame.ts';
import { isLibraryType } from '../members/unsimulated.ts';
import { raise } from '../raise.ts';
import { resolveType } from '../type-names.ts';
import type { Body } from './body.ts';
import { LazyBody } from './body.ts';
import { compileBlock, compileCollect } from './compile-block.ts';
import { compileExpression } from './compile-expression.ts';
import { compileStatement, compileValue } from './compile-statement.ts';
import type { Compiler } from './compiler.ts';

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
    if (isLibraryType(node.name)) return compiler.unsupported(`the type [${written}]`, node.start);
    return raise({ id: 'TypeNotFound', message: `Unable to find type [${written}].`, target: node.name });
  };
};

/** Compiles a parsed script. */
export const compileScript = ({ source, body: node, types }: Script): Body => {
  const unsupported = (construct: string, offset: number): never => {
    const place = describePlace(source, offset);
    throw new Failure('lab-unsupported', `${place}: the lab does not run ${construct}.`, {
      facts: { construct, place },
    });
  };
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
    unsupported,
    unsupportedWhenRun: (construct, offset) => () => unsupported(construct, offset),
  };
  return new LazyBody(compiler, node, types.length > 0 ? (frame) => defineTypes(compiler, types, frame) : undefined);
};

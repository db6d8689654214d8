import { createHash } from 'node:crypto';
import type { BoundParameters, CommandContext, Task } from '../../../evaluator/host.ts';
import { customObject } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';
import { Win32Fault } from '../../machine/win32-fault.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { readWholeFile, writeWholeFile } from '../../types/open-file.ts';
import { codecOfParameter, codePagesOf, decodeText, encodeText, type TextCodec } from '../../types/text-codec.ts';
import { command } from '../command-syntax.ts';
import { boundItems } from './find-items.ts';
import { itemError } from './item-errors.ts';
import { pathText, readProviderPath } from './provider-path.ts';

const className = (name: string): string => `Microsoft.PowerShell.Commands.${name}Command`;
const literalAliases = { LiteralPath: ['PSPath'] };

/** The codec of -Encoding; `undefined` for bytes. */
const codecOf = (context: CommandContext, bound: BoundParameters, usual: string): TextCodec | undefined =>
  codecOfParameter(bound.has('Encoding') ? context.text(bound.get('Encoding')) : usual, actorOf(context).machine);

const splitLines = (text: string): string[] => {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

const getContent = command('Get-Content', {
  className: className('GetContent'),
  aliases: ['gc', 'cat', 'type'],
  sets: ['Path', 'LiteralPath'],
  simulated: ['Path', 'LiteralPath', 'Raw', 'Encoding', 'TotalCount', 'Tail', 'ReadCount', 'Force'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    for (const item of boundItems(context, bound)) {
      if (item.kind === 'drive') {
        context.write(item.place.provider.getContent(item.place.path, context, item.place.drive), { enumerate: true });
        continue;
      }
      if (item.kind === 'registry') context.unsupported('Get-Content on the registry');
      else {
        let bytes: Uint8Array;
        try {
          bytes = readWholeFile(actorOf(context), item.path, 3);
        } catch (error) {
          if (!(error instanceof Win32Fault)) throw error;
          const ids = {
            io: 'GetContentReaderIOError',
            denied: 'GetContentReaderUnauthorizedAccessError',
            category: 'ReadError',
          } as const;
          context.writeError(itemError(error, ids));
          continue;
        }
        const codec = codecOf(context, bound, 'Default');
        const page = codec?.codePage ?? codePagesOf(machine).ansi;
        const isRaw = bound.flag('Raw');
        if (!codec) {
          context.write(
            isRaw
              ? Uint8Array.from(bytes)
              : [...bytes].map((byte): Value => ({ kind: 'integer', type: 'Byte', value: BigInt(byte) })),
            { enumerate: !isRaw },
          );
          continue;
        }
        const text = decodeText(bytes, page);
        if (isRaw) {
          if (text !== '') context.write(text);
          continue;
        }
        let lines = splitLines(text);
        const [first, last] = [bound.number('TotalCount'), bound.number('Tail')];
        if (first !== undefined && first >= 0) lines = lines.slice(0, first);
        if (last !== undefined && last >= 0) lines = last === 0 ? [] : lines.slice(-last);
        for (const line of lines) context.write(line);
      }
    }
  },
});

type Gathered = { readonly parts: Uint8Array[] };
const gathered = (context: CommandContext): Gathered => context.state as Gathered;

const gather =
  (usual: string) =>
  (context: CommandContext, bound: BoundParameters): void => {
    const codec = codecOf(context, bound, usual);
    const isNoNewline = bound.flag('NoNewline');
    for (const value of bound.list('Value').flatMap((item) => context.enumerate(item))) {
      if (!codec) gathered(context).parts.push(Uint8Array.of(Number(context.text(context.convert(value, 'byte')))));
      else
        gathered(context).parts.push(
          encodeText(`${value === null ? '' : context.text(value)}${isNoNewline ? '' : '\r\n'}`, codec, false),
        );
    }
  };

const writeGathered = (isAppend: boolean, usual: string) =>
  function* (context: CommandContext, bound: BoundParameters): Task<void> {
    const actor = actorOf(context);
    for (const value of bound.list(bound.has('LiteralPath') ? 'LiteralPath' : 'Path')) {
      const place = readProviderPath(pathText(value, context), context);
      if (place.kind === 'drive') {
        place.provider.setContent(place.path, bound.get('Value'), context, place.drive);
        continue;
      }
      if (place.kind === 'registry') return context.unsupported('writing content to the registry');
      if (!context.shouldProcess(place.path, 'Set Content')) continue;
      const codec = codecOf(context, bound, usual);
      const isOld = isAppend && (actor.machine.files.find(place.path)?.sizeBytes ?? 0) > 0;
      const mark = codec?.mark && !isOld ? encodeText('', codec, true) : new Uint8Array();
      const body = new Uint8Array(Buffer.concat([mark, ...gathered(context).parts]));
      try {
        const node = actor.machine.files.find(place.path);
        if (node && bound.flag('Force')) node.attributes &= ~1;
        yield writeWholeFile(actor, place.path, body, isAppend);
      } catch (error) {
        if (!(error instanceof Win32Fault)) throw error;
        const ids = { io: 'GetContentWriterIOError', denied: 'GetContentWriterUnauthorizedAccessError' };
        const missing = {
          io: 'GetContentWriterDirectoryNotFoundError',
          denied: '',
          category: 'ObjectNotFound',
        } as const;
        context.writeError(itemError(error, error.code === 3 ? missing : ids));
      }
    }
  };

const writing = (isAppend: boolean, name: string, aliases: readonly string[]) => ({
  className: className(name),
  aliases,
  sets: ['Path', 'LiteralPath'],
  pipeline: { Path: 'name', LiteralPath: 'name', Value: 'both' } as const,
  parameterAliases: literalAliases,
  allowNull: ['Value'],
  allowEmpty: ['Value'],
  simulated: ['Path', 'LiteralPath', 'Value', 'Encoding', 'NoNewline', 'Force'],
  createState: (): Gathered => ({ parts: [] }),
  process: gather('Default'),
  end: writeGathered(isAppend, 'Default'),
});

const setContent = command('Set-Content', writing(false, 'SetContent', ['sc']));
const addContent = command('Add-Content', writing(true, 'AddContent', ['ac']));

const clearContent = command('Clear-Content', {
  className: className('ClearContent'),
  aliases: ['clc'],
  sets: ['Path', 'LiteralPath'],
  simulated: ['Path', 'LiteralPath', 'Force'],
  *process(context, bound) {
    for (const item of boundItems(context, bound)) {
      if (item.kind === 'file') yield writeWholeFile(actorOf(context), item.path, new Uint8Array());
      else context.unsupported('Clear-Content outside the file system');
    }
  },
});

const outFile = command('Out-File', {
  className: 'Microsoft.PowerShell.Commands.OutFileCommand',
  sets: ['ByPath', 'ByLiteralPath'],
  allowNull: ['InputObject'],
  simulated: [
    'FilePath',
    'LiteralPath',
    'Encoding',
    'Append',
    'Force',
    'NoClobber',
    'NoNewline',
    'InputObject',
    'Width',
  ],
  createState: (): { values: Value[] } => ({ values: [] }),
  process: (context, bound) => {
    if (bound.has('InputObject')) (context.state as { values: Value[] }).values.push(bound.get('InputObject'));
  },
  *end(context, bound) {
    const actor = actorOf(context);
    const { values } = context.state as { values: Value[] };
    const place = readProviderPath(bound.text('FilePath') ?? bound.text('LiteralPath') ?? '', context);
    if (place.kind !== 'file') return context.unsupported('Out-File outside the file system');
    const codec = codecOfParameter(bound.text('Encoding') ?? 'Unicode', actor.machine) ?? {
      codePage: 1200,
      mark: true,
    };
    const isPlain = values.every((value) => typeof value === 'string');
    const lines = isPlain
      ? values.map((value) => context.text(value))
      : yield* context.call('Out-String', { Stream: true }, values);
    const newline = bound.flag('NoNewline') ? '' : '\r\n';
    const isAppend = bound.flag('Append');
    const isOld = isAppend && (actor.machine.files.find(place.path)?.sizeBytes ?? 0) > 0;
    const body = encodeText(
      lines.map((line) => `${context.text(line)}${newline}`).join(''),
      codec,
      codec.mark && !isOld,
    );
    if (bound.flag('NoClobber') && actor.machine.files.exists(place.path)) {
      context.fail({
        id: 'NoClobber',
        message: `The file '${place.path}' already exists.`,
        category: 'ResourceExists',
        target: place.path,
        exception: 'System.IO.IOException',
      });
    }
    try {
      yield writeWholeFile(actor, place.path, body, isAppend);
    } catch (error) {
      if (!(error instanceof Win32Fault)) throw error;
      context.fail({
        ...itemError(error, { io: 'FileOpenFailure', denied: 'FileOpenFailure', category: 'OpenError' }),
        id: 'FileOpenFailure',
        category: 'OpenError',
      });
    }
  },
});

const getFileHash = command('Get-FileHash', {
  commandType: 'Function',
  sets: ['Path', 'LiteralPath', 'Stream'],
  validateSets: { Algorithm: ['SHA1', 'SHA256', 'SHA384', 'SHA512', 'MACTripleDES', 'MD5', 'RIPEMD160'] },
  simulated: ['Path', 'LiteralPath', 'Algorithm'],
  process: (context, bound) => {
    const algorithm = (bound.text('Algorithm') ?? 'SHA256').toUpperCase();
    for (const item of boundItems(context, bound)) {
      if (item.kind !== 'file' || item.node.isFolder) continue;
      const hash = createHash(algorithm.toLowerCase())
        .update(readWholeFile(actorOf(context), item.path, 3))
        .digest('hex')
        .toUpperCase();
      context.write(fileHash(algorithm, hash, item.path));
    }
  },
});
const fileHash = (Algorithm: string, Hash: string, Path: string): Value =>
  customObject({ Algorithm, Hash, Path }, ['Microsoft.Powershell.Utility.FileHash']);

/** Get-, Set-, Add-, Clear-Content, Out-File and Get-FileHash. */
export const contentCmdlets = [getContent, setContent, addContent, clearContent, outFile, getFileHash];

import { defineEnum } from '../../../evaluator/define.ts';
import { customObject, enumValue, localFromUnixMs } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';
import { decodeImage, type Image } from '../../machine/devices/image-file.ts';
import { microsoftSigner } from '../../machine/devices/update-package.ts';
import { absolutePath } from '../../machine/files/paths.ts';
import type { Machine } from '../../machine/machine.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { command } from '../command-syntax.ts';

/** System.Management.Automation.SignatureStatus. */
export const signatureStatusEnum = defineEnum('System.Management.Automation.SignatureStatus', {
  Valid: 0,
  UnknownError: 1,
  NotSigned: 2,
  HashMismatch: 3,
  NotTrusted: 4,
  NotSupportedFileFormat: 5,
  Incompatible: 6,
});

/** System.Management.Automation.SignatureType. */
export const signatureTypeEnum = defineEnum('System.Management.Automation.SignatureType', {
  None: 0,
  Authenticode: 1,
  Catalog: 2,
});

const messages: Readonly<Record<string, string>> = {
  Valid: 'Signature verified.',
  HashMismatch:
    'The contents of file {0} might have been changed by an unauthorized user or process, because the hash of the file does not match the hash stored in the digital signature. The script cannot run on the specified system. For more information, run Get-Help about_Signing.',
  NotSigned:
    'The file {0} is not digitally signed. You cannot run this script on the current system. For more information about running scripts and setting execution policy, see about_Execution_Policies at https:/go.microsoft.com/fwlink/?LinkID=135170',
  UnknownError:
    'A required certificate is not within its validity period when verifying against the current system clock or the timestamp in the signed file',
};

const certificate = (machine: Machine, image: Image | undefined): Value => {
  const [from, until] = [
    image?.info.signedFromMs ?? Date.UTC(2026, 3, 1),
    image?.info.signedUntilMs ?? Date.UTC(2027, 3, 1),
  ];
  return customObject(
    {
      Subject: image?.info.signer ?? microsoftSigner,
      Issuer: 'CN=Microsoft Windows Production PCA 2011, O=Microsoft Corporation, L=Redmond, S=Washington, C=US',
      Thumbprint: 'D8FB0CC66A08061B42D46D03546F0D42CBC49B7C',
      NotBefore: localFromUnixMs(from, machine.timeZone.offsetMinutes),
      NotAfter: localFromUnixMs(until, machine.timeZone.offsetMinutes),
    },
    ['System.Security.Cryptography.X509Certificates.X509Certificate2'],
  );
};

/** Files of Windows that no fault has touched are signed by its catalogs. */
const isOfWindows = (path: string): boolean =>
  /^C:\\Windows\\.*\.(?:exe|dll|sys|ocx|cpl|ps1|psm1|psd1|mui)$/i.test(path);

const judge = (
  machine: Machine,
  path: string,
): { readonly status: string; readonly type: string; readonly image: Image | undefined } => {
  const node = machine.files.find(path);
  const image = decodeImage(node?.bytes);
  if (!image)
    return isOfWindows(path) && node?.bytes === undefined
      ? { status: 'Valid', type: 'Catalog', image }
      : { status: 'NotSigned', type: 'None', image };
  if (image.info.signer === undefined) return { status: 'NotSigned', type: 'None', image };
  if (!image.isIntact) return { status: 'HashMismatch', type: 'Authenticode', image };
  const now = machine.clock.wallMs();
  const isDated = (image.info.signedFromMs ?? 0) <= now && now <= (image.info.signedUntilMs ?? Number.MAX_SAFE_INTEGER);
  return { status: isDated ? 'Valid' : 'UnknownError', type: 'Authenticode', image };
};

const getSignature = command('Get-AuthenticodeSignature', {
  className: 'Microsoft.PowerShell.Commands.GetAuthenticodeSignatureCommand',
  sets: ['ByPath', 'ByLiteralPath', 'ByContent'],
  simulated: ['FilePath', 'LiteralPath'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    for (const given of [...bound.texts('FilePath'), ...bound.texts('LiteralPath')]) {
      const path = absolutePath(given);
      const node = machine.files.find(path);
      if (!node) {
        context.writeError({
          id: 'SignatureCommandsBaseFileNotFound',
          message: `File ${given} was not found.`,
          category: 'ObjectNotFound',
          target: given,
          exception: 'System.IO.FileNotFoundException',
        });
        continue;
      }
      if (node.isFolder) continue;
      const { status, type, image } = judge(machine, path);
      const isSigned = type !== 'None';
      context.write(
        customObject(
          {
            SignerCertificate: isSigned ? certificate(machine, image) : null,
            TimeStamperCertificate: null,
            Status: enumValue(signatureStatusEnum, status),
            StatusMessage: (messages[status] ?? '').replace('{0}', path),
            Path: path,
            SignatureType: enumValue(signatureTypeEnum, type),
            IsOSBinary: isSigned && (image?.info.signer ?? microsoftSigner) === microsoftSigner,
          },
          ['System.Management.Automation.Signature'],
        ),
      );
    }
  },
});

/** Get-AuthenticodeSignature. */
export const signatureCmdlets = [getSignature];

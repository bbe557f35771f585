/** EBS encryption by default, and the key that it takes, of each account and Region. */
import type {
  DisableEbsEncryptionByDefaultResult,
  EnableEbsEncryptionByDefaultResult,
  GetEbsDefaultKmsKeyIdResult,
  GetEbsEncryptionByDefaultResult,
  ModifyEbsDefaultKmsKeyIdRequest,
  ModifyEbsDefaultKmsKeyIdResult,
  ResetEbsDefaultKmsKeyIdResult,
} from '@aws-sdk/client-ec2';
import type { Call } from '../../wire/api.ts';
import type { EncryptionRow } from './ebs-memory.ts';
import type { Ec2 } from './ec2.ts';
import { keyArnOf, managedKeyOf } from './keys.ts';
import { required } from './parameters.ts';

/** What an account's new volumes and copies of snapshots are encrypted with. */
export interface DefaultEncryption {
  /** Whether they are encrypted even if nobody asks for it. */
  readonly isEnabled: boolean;
  /** ARN of the key for what is encrypted without a key of the caller's. */
  readonly kmsKeyId: string;
}

export const defaultEncryptionOf = (
  ec2: Ec2,
  account: string,
  region: string,
): DefaultEncryption => {
  const row = ec2.store(region).ebs.encryption.get(account);
  return {
    isEnabled: row?.isEnabled ?? false,
    kmsKeyId: row?.kmsKeyId ?? managedKeyOf(account, region),
  };
};

/** Whether a new volume or copy is encrypted, and with which key. */
export interface Encryption {
  readonly encrypted: boolean;
  readonly kmsKeyId?: string | undefined;
}

interface EncryptionRequest {
  readonly Encrypted?: boolean | undefined;
  readonly KmsKeyId?: string | undefined;
}

/**
 * The encryption of a volume made from a snapshot, or of an empty one. It cannot be switched off: not
 * for an encrypted snapshot, and not where it is the default (EBS User Guide, "Encryption examples").
 */
export const volumeEncryption = (
  ec2: Ec2,
  request: EncryptionRequest,
  source: (Encryption & { readonly ownerId: string }) | undefined,
  call: Call,
): Encryption => {
  const fallback = defaultEncryptionOf(ec2, call.account, call.region);
  const encrypted = request.Encrypted === true || source?.encrypted === true || fallback.isEnabled;
  if (!encrypted) return { encrypted };
  if (request.KmsKeyId !== undefined)
    return { encrypted, kmsKeyId: keyArnOf(request.KmsKeyId, call) };
  const isOwn = source?.encrypted === true && source.ownerId === call.account;
  return { encrypted, kmsKeyId: isOwn ? source.kmsKeyId : fallback.kmsKeyId };
};

/** The encryption of a copy of a snapshot (EBS User Guide, "Encryption outcomes for copies"). */
export const copyEncryption = (
  ec2: Ec2,
  request: EncryptionRequest,
  source: Encryption,
  call: Call,
): Encryption => {
  const fallback = defaultEncryptionOf(ec2, call.account, call.region);
  const encrypted = request.Encrypted === true || source.encrypted || fallback.isEnabled;
  if (!encrypted) return { encrypted };
  if (request.KmsKeyId !== undefined)
    return { encrypted, kmsKeyId: keyArnOf(request.KmsKeyId, call) };
  const takesManaged = source.encrypted && !fallback.isEnabled;
  const kmsKeyId = takesManaged ? managedKeyOf(call.account, call.region) : fallback.kmsKeyId;
  return { encrypted, kmsKeyId };
};

const change = (ec2: Ec2, call: Call, changes: Partial<EncryptionRow>): DefaultEncryption => {
  const { beforeChange, ebs } = ec2.store(call.region);
  const { encryption } = ebs;
  beforeChange();
  const row = encryption.get(call.account) ?? { isEnabled: false };
  encryption.set(call.account, { ...row, ...changes });
  return defaultEncryptionOf(ec2, call.account, call.region);
};

export const encryptionDefaultOperations = (ec2: Ec2) => ({
  EnableEbsEncryptionByDefault: (_: object, call: Call): EnableEbsEncryptionByDefaultResult => ({
    EbsEncryptionByDefault: change(ec2, call, { isEnabled: true }).isEnabled,
  }),

  DisableEbsEncryptionByDefault: (_: object, call: Call): DisableEbsEncryptionByDefaultResult => ({
    EbsEncryptionByDefault: change(ec2, call, { isEnabled: false }).isEnabled,
  }),

  GetEbsEncryptionByDefault: (_: object, call: Call): GetEbsEncryptionByDefaultResult => ({
    EbsEncryptionByDefault: defaultEncryptionOf(ec2, call.account, call.region).isEnabled,
    SseType: 'none',
  }),

  GetEbsDefaultKmsKeyId: (_: object, call: Call): GetEbsDefaultKmsKeyIdResult => ({
    KmsKeyId: defaultEncryptionOf(ec2, call.account, call.region).kmsKeyId,
  }),

  ModifyEbsDefaultKmsKeyId: (
    input: ModifyEbsDefaultKmsKeyIdRequest,
    call: Call,
  ): ModifyEbsDefaultKmsKeyIdResult => {
    const kmsKeyId = keyArnOf(required('KmsKeyId', input.KmsKeyId), call);
    return { KmsKeyId: change(ec2, call, { kmsKeyId }).kmsKeyId };
  },

  ResetEbsDefaultKmsKeyId: (_: object, call: Call): ResetEbsDefaultKmsKeyIdResult => ({
    KmsKeyId: change(ec2, call, { kmsKeyId: undefined }).kmsKeyId,
  }),
});

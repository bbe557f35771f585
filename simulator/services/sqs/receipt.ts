/** Receipt handles: opaque to clients, and good for one queue. */
import { ApiError } from '../../wire/api.ts';

export const handleOf = (queueArn: string, messageId: string, nonce: string): string =>
  Buffer.from(`${nonce} ${queueArn} ${messageId}`).toString('base64');

/** The message that a handle of this queue is of. @throws ApiError `ReceiptHandleIsInvalid` */
export const messageIdOf = (handle: string, queueArn: string): string => {
  const [, arn, messageId] = Buffer.from(handle, 'base64').toString('utf8').split(' ');
  if (arn === queueArn && messageId !== undefined) return messageId;
  throw new ApiError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
  );
};

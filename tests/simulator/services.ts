/** Calls of the services around EC2, as the wire makes them. */
import type { EmbeddedCloud } from '../../simulator/cloud.ts';
import type { Call, ServiceId } from '../../simulator/wire/api.ts';
import { ApiError } from '../../simulator/wire/api.ts';
import { ACCOUNT, HOME } from './fixture.ts';

export type Ask = <Output = Readonly<Record<string, unknown>>>(
  action: string,
  input?: object,
  call?: Call,
) => Output;

/** Asks a service of the cloud, by default as the home account in the home Region. */
export const askOf =
  (cloud: EmbeddedCloud, id: ServiceId): Ask =>
  (action, input = {}, call = cloud.callAs(ACCOUNT, HOME)) => {
    const operation = cloud.services.find((service) => service.id === id)?.operations[action];
    if (operation === undefined) throw new Error(`${id} does not serve ${action}`);
    return operation.answer(input, call) as never;
  };

/** Code and message of the ApiError that `deed` throws. */
export const refusalOf = (deed: () => unknown): string => {
  try {
    deed();
    return 'none';
  } catch (error) {
    if (error instanceof ApiError) return `${error.code}: ${error.message}`;
    throw error;
  }
};

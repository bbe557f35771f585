/** DeleteFleets and CancelSpotFleetRequests: each of the ids succeeds or fails by itself. */
import type {
  CancelSpotFleetRequestsRequest,
  CancelSpotFleetRequestsResponse,
  DeleteFleetErrorCode,
  DeleteFleetsRequest,
  DeleteFleetsResult,
} from '@aws-sdk/client-ec2';
import type { OrderedMap } from '../../kernel/ordered-map.ts';
import type { Call } from '../../wire/api.ts';
import type { Ec2 } from './ec2.ts';
import { fleetActsSoon } from './fleet-capacity.ts';
import { fleetStateOut } from './fleet-output.ts';
import type { FleetRow, FleetState } from './fleet-rows.ts';
import { FLEET, hasShape, type IdKind, SPOT_FLEET } from './ids.ts';
import { required } from './parameters.ts';

/** In one call (User Guide, "Delete an EC2 Fleet request"). */
const INSTANT_MAX = 25;

interface Failure {
  readonly code: string;
  readonly message: string;
}

/** What becomes of one id: a row, or why not. */
interface Ending {
  readonly id: string;
  readonly row?: FleetRow | undefined;
  readonly failure?: Failure | undefined;
}

/** How each API calls what is wrong. */
interface Words {
  readonly kind: IdKind;
  readonly stem: 'fleet' | 'fleetRequest';
  readonly notEndable: string;
}

const DELETION: Words = { kind: FLEET, stem: 'fleet', notEndable: 'fleetNotInDeletableState' };
const CANCELLATION: Words = {
  kind: SPOT_FLEET,
  stem: 'fleetRequest',
  notEndable: 'fleetRequestNotInCancellableState',
};

const find = (
  rows: OrderedMap<FleetRow>,
  id: string,
  { kind, stem, notEndable }: Words,
  call: Call,
): Ending => {
  const fail = (code: string, message: string): Ending => ({ id, failure: { code, message } });
  if (!hasShape(kind, id))
    return fail(`${stem}IdMalformed`, `The ${kind.noun} '${id}' is malformed`);
  const row = rows.get(id);
  if (row?.ownerId !== call.account) {
    return fail(`${stem}IdDoesNotExist`, `The ${kind.noun} '${id}' does not exist`);
  }
  if (row.state !== 'ended') return { id, row };
  return fail(notEndable, `The ${kind.noun} '${id}' is not in a state in which it can end`);
};

/** An instant fleet takes its instances with it, and no more than so many go in one call. */
const refuseInstant = (endings: readonly Ending[], doesTerminate: boolean): readonly Ending[] => {
  const count = endings.filter(({ row }) => row?.type === 'instant').length;
  const failure =
    count > INSTANT_MAX
      ? {
          code: 'ExceededInstantFleetNumForDeletion',
          message: `Can't delete more than ${INSTANT_MAX} instant fleets in a single request.`,
        }
      : {
          code: 'NoTerminateInstancesNotSupported',
          message: 'NoTerminateInstances option is not supported for instant fleet',
        };
  if (count <= INSTANT_MAX && doesTerminate) return endings;
  return endings.map((one) => (one.row?.type === 'instant' ? { id: one.id, failure } : one));
};

interface Ended {
  readonly id: string;
  readonly before: FleetState;
  readonly after: FleetState;
}

const end = (
  ec2: Ec2,
  endings: readonly Ending[],
  doesTerminate: boolean,
  { region }: Call,
): readonly Ended[] =>
  endings.flatMap(({ id, row }) => {
    if (row === undefined) return [];
    const before = row.state;
    ec2.store(region).beforeChange();
    const isGoing = doesTerminate || before === 'ended_terminating';
    row.state = isGoing ? 'ended_terminating' : 'ended_running';
    fleetActsSoon(ec2, region, row);
    return { id, before, after: row.state };
  });

const failuresIn = (endings: readonly Ending[]) =>
  endings.flatMap(({ id, failure }) => (failure === undefined ? [] : { id, ...failure }));

const deleteFleets = (ec2: Ec2, input: DeleteFleetsRequest, call: Call): DeleteFleetsResult => {
  const doesTerminate = required('TerminateInstances', input.TerminateInstances);
  const ids = new Set(required('FleetId', input.FleetIds));
  const { fleets } = ec2.store(call.region).fleets;
  const found = [...ids].map((id) => find(fleets, id, DELETION, call));
  const endings = refuseInstant(found, doesTerminate);
  return {
    SuccessfulFleetDeletions: end(ec2, endings, doesTerminate, call).map(
      ({ id, before, after }) => ({
        FleetId: id,
        PreviousFleetState: fleetStateOut(before, 'deleted'),
        CurrentFleetState: fleetStateOut(after, 'deleted'),
      }),
    ),
    UnsuccessfulFleetDeletions: failuresIn(endings).map(({ id, code, message }) => ({
      FleetId: id,
      Error: { Code: code as DeleteFleetErrorCode, Message: message },
    })),
  };
};

const cancelRequests = (
  ec2: Ec2,
  input: CancelSpotFleetRequestsRequest,
  call: Call,
): CancelSpotFleetRequestsResponse => {
  const doesTerminate = required('TerminateInstances', input.TerminateInstances);
  const ids = new Set(required('SpotFleetRequestId', input.SpotFleetRequestIds));
  const { spotFleets } = ec2.store(call.region).fleets;
  const endings = [...ids].map((id) => find(spotFleets, id, CANCELLATION, call));
  return {
    SuccessfulFleetRequests: end(ec2, endings, doesTerminate, call).map(
      ({ id, before, after }) => ({
        SpotFleetRequestId: id,
        PreviousSpotFleetRequestState: fleetStateOut(before, 'cancelled'),
        CurrentSpotFleetRequestState: fleetStateOut(after, 'cancelled'),
      }),
    ),
    UnsuccessfulFleetRequests: failuresIn(endings).map(({ id, code, message }) => ({
      SpotFleetRequestId: id,
      Error: { Code: code as 'unexpectedError', Message: message },
    })),
  };
};

export const endFleetOperations = (ec2: Ec2) => ({
  DeleteFleets: (input: DeleteFleetsRequest, call: Call) => deleteFleets(ec2, input, call),
  CancelSpotFleetRequests: (input: CancelSpotFleetRequestsRequest, call: Call) =>
    cancelRequests(ec2, input, call),
});

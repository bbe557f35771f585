import type { ReasonId } from './reasons.ts';

/** What each reason means and what a reader can do, as docs/reasons.md says it: a test compares them. */
export const REASON_WORDS: Readonly<Record<ReasonId, string>> = {
  'SEL-01':
    "The instance matches the policy's `select`, and its state is one that the policy takes; there is nothing to do.",
  'SEL-02':
    'The instance lacks the tag that is named, or has it with another value, or its id is not named; set the tag, or widen `select`, if it needs backups.',
  'SEL-03':
    'The instance matches the tag or id that is named in `select.not`; take the tag off if it needs backups after all.',
  'SEL-04':
    'The instance belongs to the Auto Scaling group that is named; say `autoScalingMembers: true` if its members hold data of their own.',
  'SEL-05':
    'The instance is in a state that `select.states` leaves out; add the state, or wait until it changes.',
  'SEL-06':
    'The instance is shutting down or terminated and can no longer be imaged; its points stay under their policy.',
  'SEL-07':
    'The root device is an instance store, of which EC2 makes no image from outside; back it up from inside, or move it to EBS.',
  'SEL-08':
    'The instance was launched less than `select.olderThan` ago; it is backed up once it is that old.',
  'SEL-09':
    'The instance was launched more than `select.youngerThan` ago, so the policy no longer takes it.',
  'SEL-10':
    'The policy selects by age and EC2 did not say when the instance was launched; it is backed up, since what is not known protects.',
  'SCH-01': 'The newest slot has no point yet and is on time (`startWithin`): a point is made now.',
  'SCH-02':
    'The image that is named is a good point of the newest slot or a later one; there is nothing to do.',
  'SCH-03': 'EC2 is still making the image that is named; wait for it.',
  'SCH-04':
    "Earlier tries failed, and the next is made at the time that is named; look at the failed image's state reason to mend the cause.",
  'SCH-05':
    'The schedule has not had its first slot; check its years if that is not what you meant. Or all schedules are optional, and the instance picks none: set its tag `imago:schedule`.',
  'SCH-06':
    'The window of the newest slot is over and the source still has a point inside its RPO, or the policy reboots; the next slot makes a point.',
  'SCH-07':
    'The window of the newest slot is over, but the source has no good point as young as its RPO: one is made now.',
  'SCH-08':
    "The images of the target could not all be read, so a point might be made twice: nothing is made until they can; see the plan's problems for the cause.",
  'SCH-09':
    'The instance is starting or stopping, when EC2 refuses to image it; the point is made once it has settled.',
  'SCH-10': 'Somebody asked for this point with `imago backup`; no schedule did.',
  'SCH-11':
    'The event that the policy waits for has come, and no point of the source is of a moment since: one is made now.',
  'SCH-12':
    "Nothing that the policy waits for has happened since the source's newest point; there is nothing to do.",
  'SCH-13':
    'The event has come, but the interval of `atMostEvery` has a point already; the next interval makes one, if it is still called for.',
  'SCH-14':
    'A blackout window of the policy is open until the time that is named; the point is made after it, if its slot may still be caught up.',
  'SCH-15':
    'The policy spreads its sources over `jitter`, and the moment of this one, which is named, has not come.',
  'SCH-16':
    'As many instances as `image.batchSize` allows are being rebooted; the next batch begins at the time that is named.',
  'SCH-17':
    'A slot was missed, and its catch-up is open: a point is made now. Only the newest missed slot is made up for; older ones are not.',
  'SCH-18':
    "The instance's tag `imago:schedule` picks the schedule that is named, and only that one counts for it.",
  'SCH-19':
    "The instance's tag `imago:schedule` names no schedule of the policy, so the policy's own are used; write one of the names that are given.",
  'SCH-20':
    'Which volume is the root, or which tags the volumes have, is not known, so no volume is left out of this image on that account; the evidence names what is missing.',
  'SCH-21':
    "The policy's `image.excludeVolumes` leaves the devices that are named out of the image, so what is on them is not backed up; the image's tag `imago:excluded-devices` says so too.",
  'TAG-01': 'The tags are as the policies want them; there is nothing to do.',
  'TAG-02':
    'Tags are missing, or differ from what the policies set: those that are named are written.',
  'TAG-03':
    'EC2 allows 50 tags, and those that are named found no room; make `tags.copy` or `tags.set` smaller, or order the patterns by what matters.',
  'TAG-04':
    'The source lacks tags that the policy requires; it is backed up all the same. Set them, or take them off the list.',
  'TAG-05':
    'A template filled in gives more than EC2 allows, 256 characters in a tag or 255 in the description, and is cut there; make what is named shorter.',
  'TAG-06':
    "Two rules want different values of the key that is named: the one that is named first wins, since a point's own policy stands before tag policies, and those count in the order of the document. Make them agree.",
  'TAG-07': 'The image or snapshot was gone when its tags were to be written; nothing was done.',
  'TAG-08':
    'A tag policy fills the tag that is named in from another tag, which the image does not have: it is written once the image has that.',
  'COP-01': "The destination's own `keep` wants this point and does not have it: it is copied now.",
  'COP-02': 'The destination has an available copy of this point; there is nothing to do.',
  'COP-03': 'The copy is being made; wait for it, and its source stays until then.',
  'COP-04':
    "The destination's `keep` would not keep this point; make that rule longer if you want it there.",
  'COP-05':
    "Earlier copies failed, and the next is made at the time that is named; an unusable KMS key is the usual cause, and the failed copy's state reason tells.",
  'COP-06':
    'The images of the home or of the destination could not all be read, so a copy might be made twice: none is made until they can.',
  'RET-01': 'The point is among the newest that `keep.last` keeps; its place among them is named.',
  'RET-02':
    'The point is younger than `keep.within`, counted back from the newest good point of its source: so if backups stop, expiry stops.',
  'RET-03': 'The point is the newest of one of the last hours that `keep.hourly` keeps.',
  'RET-04':
    "The point is the newest of one of the last days that `keep.daily` keeps, in the policy's time zone.",
  'RET-05':
    "The point is the newest of one of the last ISO weeks that `keep.weekly` keeps, in the policy's time zone.",
  'RET-06':
    "The point is the newest of one of the last months that `keep.monthly` keeps, in the policy's time zone.",
  'RET-07':
    "The point is the newest of one of the last years that `keep.yearly` keeps, in the policy's time zone.",
  'RET-08':
    'A tag that people wrote, which is named, asks for it to be kept: of the image itself or, as long as that is seen, of its instance; take the tag off, or change it, to let the policy decide.',
  'RET-09':
    "The tag that is named holds no rule that can be read, so the policy's own is used; write a duration such as `30d`, or tiers such as `daily=7,weekly=4`.",
  'RET-10':
    'No rule of `keep` keeps the point, or of `whenSourceGone` where its source is gone, or the time for which somebody asked for it is over: it is retired, unless something below forbids that; hold it with the tag `imago:hold` to keep it longer.',
  'RET-11':
    'The image failed, and the good point that is named has made it needless: it is removed.',
  'RET-12':
    'The image failed, and no good point of its slot or a later one exists; it stays, since its name and number tell when and how to try again.',
  'RET-13': 'EC2 is still making the image; it is judged once it is available or failed.',
  'RET-14':
    'No policy of the document owns the image: it is kept until one names the policy that made it in `formerly`, or copies to this Region again.',
  'RET-15':
    'The image is in the state that is named, such as disabled, which somebody chose; enable or deregister it yourself.',
  'RET-16':
    'The snapshot is ours and its image is gone: it is deleted; hold it with the tag `imago:hold` to keep it.',
  'RET-17': 'An image that was seen is made of this snapshot, so it stays.',
  'RET-18':
    'The policy says `retire.snapshots: keep`, so snapshots stay when their image goes; delete them yourself.',
  'RET-19':
    'The snapshot is less than an hour old and may be seen before its image; a later run judges it.',
  'RET-20':
    'Somebody asked for this point and for how long; it is kept until the time that is named. Change the tag `imago:keep-until` to keep it for longer or less.',
  'RET-21':
    'Somebody asked for this point and did not say for how long, so it is kept until somebody removes it; set the tag `imago:keep-until` to let it go then.',
  'RET-22':
    'The point is the newest of its hour, and less than `keep.withinHourly` older than the newest good point.',
  'RET-23':
    'The point is the newest of its day, and less than `keep.withinDaily` older than the newest good point.',
  'RET-24':
    'The point is the newest of its ISO week, and less than `keep.withinWeekly` older than the newest good point.',
  'RET-25':
    'The point is the newest of its month, and less than `keep.withinMonthly` older than the newest good point.',
  'RET-26':
    'The point is the newest of its year, and less than `keep.withinYearly` older than the newest good point.',
  'RET-27':
    'The source is gone, and the point is among the newest that `whenSourceGone` keeps, for as long as it says.',
  'RET-28':
    'The image was adopted and no rule keeps it, but removing adopted images is not built: it is kept.',
  'PRO-01':
    'The instance that is named was launched from the image and is not terminated; the image goes once that instance does.',
  'PRO-02':
    'The launch template version that is named launches the image: it is the default or the latest, or something names it by its number; point it at another image to let this one go.',
  'PRO-03':
    'The tag `imago:hold` forbids removal until the date that it gives, or for ever if it gives none; take the tag off to let the image go.',
  'PRO-04':
    "EC2's own deregistration protection is on, or still cooling down; turn it off to let the image go.",
  'PRO-05':
    'The Region that is named wants a copy of this point and does not have it yet; if that never ends, look for failed copies there.',
  'PRO-06':
    'The point is among the newest good ones that `limits.keepAtLeast` keeps for every source, however old they are.',
  'PRO-07':
    'Retirement may remove only in the windows of `retire.during`, and none is open; a run inside one does it.',
  'PRO-08':
    'The Auto Scaling group that is named launches from the image: by its template, by its launch configuration or by an override, however many instances it wants now; move the group to another image, or delete it.',
  'PRO-09':
    'The launch configuration that is named launches the image, whether a group has it or not; delete it to let the image go.',
  'PRO-10':
    "The value of the Parameter Store parameter that is named holds the image's id; give it another value, or delete it.",
  'PRO-11':
    'The EC2 Fleet that is named may still launch from the image; change or delete the fleet.',
  'PRO-12':
    'The Spot Fleet request that is named may still launch from the image; change or cancel the request.',
  'PRO-13':
    'The image is public, or the account or organization that is named may launch it, and nobody here sees whether they do; take the launch permission away first.',
  'PRO-14':
    'A file of yours names the image at the place that is given; change the file if nothing launches by it any more.',
  'PRO-20':
    'The instances could not all be read, so one might use the image; the cause is named, most often a missing permission or throttling.',
  'PRO-21':
    'The images or snapshots could not all be read, so nothing is removed by what is left of the list; the cause is named.',
  'PRO-22':
    'The launch templates, or what one of them launches, are not all known, so one might launch the image; the cause is named: a list that could not be read, or a `resolve:ssm:` whose parameter was not seen.',
  'PRO-23':
    'What the Region that is named already has could not all be read, so this point might be the only one that it can be copied from.',
  'PRO-24':
    'The home seems to have nothing where there should be something, which is far more often a bad read than the truth; nothing is removed until something is seen.',
  'PRO-25':
    'The list of snapshots could not be read whole, so none of them is called an orphan. Mend what the evidence names: most often a permission or throttling.',
  'PRO-26':
    'The tag `imago:keep-until` of the point holds what is no ISO date or instant, so nobody knows how long it was to be kept; write one, such as `2026-11-28T09:00:00Z`.',
  'PRO-27':
    'Whether the source still exists could not be found out, so its last points are kept as if it did; the cause is named.',
  'PRO-28':
    'The Auto Scaling groups, or what one of them launches from, are not all known, so one might launch the image; the cause is named.',
  'PRO-29':
    'The launch configurations could not all be read, so one might launch the image; the cause is named.',
  'PRO-30':
    "The parameters, or the value of one, could not all be read, so one might hold the image's id; the cause is named.",
  'PRO-31':
    'The EC2 Fleets, or what one of them launches from, are not all known, so one might launch the image; the cause is named.',
  'PRO-32':
    'The Spot Fleet requests, or what one of them launches from, are not all known, so one might launch the image; the cause is named.',
  'PRO-33':
    'With whom the image is shared was not read, so others might launch it; the cause is named.',
  'OWN-01': 'The tags, the home and the name of the image agree that this deployment made it here.',
  'OWN-02': "The object does not carry this deployment's tags, so it is never changed or removed.",
  'OWN-03':
    'The tags name another account or Region as home: somebody copied an object of ours with its tags, and what they made is theirs.',
  'OWN-04':
    'The name does not say what the tags say: somebody copied, renamed or retagged an image of ours, and it is left alone.',
  'OWN-05':
    'It carries our tags and a name of ours, but EC2 says that it is a copy which Imago did not make. It is never changed; remove it yourself when it is not needed.',
  'OWN-06':
    "It carries this deployment's name, but was made at a home, or copied from one, that another stack looks after. That stack manages it. Give each stack a `deployment` of its own to keep them apart.",
  'ADO-01':
    'A policy adopts this image and it is not marked yet: `imago adopt` marks it as ours, and only that.',
  'ADO-02':
    "The image was built by others and carries this deployment's mark of adoption; its policy judges it.",
  'ADO-03':
    'The policy groups by a tag that this image does not carry, so it is not adopted; set the tag.',
  'ADO-04': 'Another service made the image and manages it, so it is never adopted.',
  'ADO-05':
    'More than one policy would adopt this image, so none does; make their criteria exclude each other.',
  'LIM-01':
    'The run has removed as much as `limits.maxRemovals.count` allows; the next run goes on, or you raise the limit.',
  'LIM-02':
    'More points expired than new ones came in, beyond `limits.maxRemovals.percent` of all good points: check that nobody shortened a rule by mistake; the next run goes on, or you raise the limit.',
};

"""A walk through the embedded cloud by boto3 as it is installed.

It knows only what any user of boto3 is told: an endpoint, a Region and an access key, all by the
environment. It judges nothing: it prints, as one JSON object, what it met under each topic.
"""

import datetime
import json
import os
import sys
import traceback
import urllib.error
import urllib.request

import boto3
import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError

ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
HOME = os.environ["AWS_DEFAULT_REGION"]
DR = "eu-west-1"
FRIEND = "444455556666"
CANONICAL = "099720109477"
NOBODY = "0123456789abcdef0"

ec2 = boto3.client("ec2")
there = boto3.client("ec2", region_name=DR)
as_friend = {"aws_access_key_id": FRIEND, "aws_secret_access_key": "any"}
friend = boto3.client("ec2", **as_friend)
sqs = boto3.client("sqs")
events = boto3.client("events")
ssm = boto3.client("ssm")
cloud = boto3.resource("ec2")

TOPICS = []
#: What one topic leaves for those after it.
left = {}


def topic(function):
    TOPICS.append(function)
    return function


def admin(method, name, body=None):
    """Asks the embedded cloud's own path: (status, what the answer says)."""
    data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(f"{ENDPOINT}/_imago/{name}", method=method, data=data)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read())


def code_of(call, **parameters):
    """`done`, or the error code that boto3 reads."""
    try:
        call(**parameters)
        return "done"
    except ClientError as refused:
        return refused.response["Error"]["Code"]


def tags_of(described):
    return {tag["Key"]: tag["Value"] for tag in described.get("Tags", [])}


def tags(kind, **values):
    return {"ResourceType": kind, "Tags": [{"Key": k, "Value": v} for k, v in values.items()]}


def image(image_id, client=ec2):
    return client.describe_images(ImageIds=[image_id])["Images"][0]


def names(pages):
    return sorted(each["Name"] for page in pages for each in page["Images"])


def register(name, snapshot=None, **more):
    disk = {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": snapshot or left["snapshots"][0]}}
    return ec2.register_image(
        Name=name,
        Architecture="x86_64",
        RootDeviceName="/dev/xvda",
        VirtualizationType="hvm",
        BlockDeviceMappings=[disk],
        **more,
    )["ImageId"]


@topic
def identity():
    mine = boto3.client("sts").get_caller_identity()
    theirs = boto3.client("sts", **as_friend).get_caller_identity()
    return {"account": mine["Account"], "arn": mine["Arn"], "friend": theirs["Account"]}


@topic
def regions():
    found = ec2.describe_regions()["Regions"]
    mine = [region for region in found if region["RegionName"] == HOME]
    zones = ec2.describe_availability_zones()["AvailabilityZones"]
    return {
        "home": mine,
        "hasDr": any(region["RegionName"] == DR for region in found),
        "zones": [zone["ZoneName"] for zone in zones],
    }


@topic
def public_images():
    found = ec2.describe_images(
        Owners=[CANONICAL], Filters=[{"Name": "name", "Values": ["ubuntu/images/*noble-24.04*"]}]
    )["Images"]
    left["base"] = found[0]["ImageId"]
    return {
        "images": [
            [each["Name"], each["OwnerId"], each["Public"], each["State"]] for each in found
        ],
        "mine": ec2.describe_images(Owners=["self"])["Images"],
        "elsewhere": len(there.describe_images(Owners=[CANONICAL])["Images"]) > 0,
    }


@topic
def slow_down():
    """From here on, what is made takes two seconds of real time, so that waiters wait."""
    span = {"min": 2000, "max": 2000}
    changes = {"imagePendingMs": span, "copyPendingMs": span, "instanceStartMs": span}
    status, manners = admin("PATCH", "manners", changes)
    return {"status": status, "imagePendingMs": manners["imagePendingMs"]}


@topic
def launch():
    launched = ec2.run_instances(
        ImageId=left["base"],
        InstanceType="t3.micro",
        MinCount=1,
        MaxCount=1,
        BlockDeviceMappings=[
            {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 5, "VolumeType": "gp3"}}
        ],
        TagSpecifications=[tags("instance", Name="web", role="front"), tags("volume", role="disk")],
    )["Instances"][0]
    left["instance"] = launched["InstanceId"]
    ec2.get_waiter("instance_running").wait(
        InstanceIds=[left["instance"]], WaiterConfig={"Delay": 1, "MaxAttempts": 20}
    )
    instance = cloud.Instance(left["instance"])
    return {
        "atFirst": launched["State"]["Name"],
        "afterTheWaiter": instance.state["Name"],
        "type": instance.instance_type,
        "launchedFromBase": instance.image.id == left["base"],
        "imageName": instance.image.name,
        "tags": {tag["Key"]: tag["Value"] for tag in instance.tags},
        "devices": [each["DeviceName"] for each in instance.block_device_mappings],
        "volumes": sorted((volume.size, volume.state) for volume in instance.volumes.all()),
        "volumeTags": [each.tags for each in instance.volumes.all()],
    }


@topic
def create_image():
    image_id = ec2.create_image(
        InstanceId=left["instance"],
        Name="walk/web/one",
        Description="made by <boto3> & co",
        NoReboot=True,
        TagSpecifications=[tags("image", role="front", empty=""), tags("snapshot", role="disk")],
    )["ImageId"]
    left["image"] = image_id
    at_first = image(image_id)["State"]
    ec2.get_waiter("image_available").wait(
        ImageIds=[image_id], WaiterConfig={"Delay": 1, "MaxAttempts": 20}
    )
    made = cloud.Image(image_id)
    disks = [each["Ebs"] for each in made.block_device_mappings]
    left["snapshots"] = [disk["SnapshotId"] for disk in disks]
    snapshots = ec2.describe_snapshots(SnapshotIds=left["snapshots"])["Snapshots"]
    return {
        "id": image_id,
        "atFirst": at_first,
        "afterTheWaiter": made.state,
        "name": made.name,
        "description": made.description,
        "owner": made.owner_id,
        "rootDevice": [made.root_device_name, made.root_device_type],
        "tags": {tag["Key"]: tag["Value"] for tag in made.tags},
        "disks": [
            [each["DeviceName"], each["Ebs"]["VolumeSize"], each["Ebs"]["Encrypted"]]
            for each in made.block_device_mappings
        ],
        "sourceIsTheInstance": image(image_id)["SourceInstanceId"] == left["instance"],
        "snapshots": sorted([each["VolumeSize"], each["State"]] for each in snapshots),
        "snapshotTags": [tags_of(each) for each in snapshots],
        "progress": [each["Progress"] for each in snapshots],
    }


@topic
def pages():
    for number in range(13):
        register(f"pages/{number:02}", TagSpecifications=[tags("image", part="pages")])
    mine = {"Owners": ["self"], "Filters": [{"Name": "name", "Values": ["pages/*"]}]}
    images = ec2.get_paginator("describe_images")
    by_five = list(images.paginate(**mine, PaginationConfig={"PageSize": 5}))
    seven = images.paginate(**mine, PaginationConfig={"PageSize": 5, "MaxItems": 7})
    first = seven.build_full_result()
    rest = images.paginate(
        **mine, PaginationConfig={"PageSize": 5, "StartingToken": first["NextToken"]}
    ).build_full_result()
    all_names = sorted(each["Name"] for each in first["Images"] + rest["Images"])
    return {
        "imagePages": [len(page["Images"]) for page in by_five],
        "imageNames": names(by_five),
        "resumed": [len(first["Images"]), len(rest["Images"]), len(set(all_names))],
        "tagPages": [
            len(page["Tags"])
            for page in ec2.get_paginator("describe_tags").paginate(
                Filters=[{"Name": "key", "Values": ["part"]}], PaginationConfig={"PageSize": 5}
            )
        ],
    }


@topic
def more_pages():
    for number in range(11):
        ec2.create_snapshot(
            VolumeId=volume_of_the_instance(), TagSpecifications=[tags("snapshot", part="pages")]
        )
    ec2.run_instances(
        ImageId=left["base"],
        MinCount=7,
        MaxCount=7,
        InstanceType="t3.micro",
        TagSpecifications=[tags("instance", part="pages")],
    )
    of_these = [{"Name": "tag:part", "Values": ["pages"]}]
    snapshots = ec2.get_paginator("describe_snapshots").paginate(
        OwnerIds=["self"], Filters=of_these, PaginationConfig={"PageSize": 5}
    )
    instances = ec2.get_paginator("describe_instances").paginate(
        Filters=of_these, PaginationConfig={"PageSize": 5}
    )
    found = [each["SnapshotId"] for page in snapshots for each in page["Snapshots"]]
    running = [
        each["InstanceId"]
        for page in instances
        for reservation in page["Reservations"]
        for each in reservation["Instances"]
    ]
    return {
        "snapshots": [len(found), len(set(found))],
        "instances": [len(running), len(set(running))],
    }


def volume_of_the_instance():
    disks = cloud.Instance(left["instance"]).block_device_mappings
    return disks[-1]["Ebs"]["VolumeId"]


@topic
def copy():
    request = {
        "Name": "walk/web/copy",
        "SourceImageId": left["image"],
        "SourceRegion": HOME,
        "ClientToken": "one-copy-only",
    }
    once = there.copy_image(**request)["ImageId"]
    twice = there.copy_image(**request)["ImageId"]
    other = code_of(there.copy_image, **{**request, "Name": "walk/web/other"})
    at_first = image(once, there)["State"]
    there.get_waiter("image_available").wait(
        ImageIds=[once], WaiterConfig={"Delay": 1, "MaxAttempts": 20}
    )
    made = image(once, there)
    tagged = there.copy_image(
        Name="walk/web/tagged", SourceImageId=left["image"], SourceRegion=HOME, CopyImageTags=True
    )["ImageId"]
    return {
        "isOne": once == twice,
        "isAnother": once != left["image"],
        "otherRequest": other,
        "states": [at_first, made["State"]],
        "copies": names([there.describe_images(Owners=["self"])]),
        "source": [made["SourceImageId"] == left["image"], made["SourceImageRegion"]],
        "tags": tags_of(made),
        "copiedTags": tags_of(image(tagged, there)),
        "sizes": [each["Ebs"]["VolumeSize"] for each in made["BlockDeviceMappings"]],
        "notHere": code_of(ec2.describe_images, ImageIds=[once]),
    }


@topic
def sharing():
    asked = {"ImageId": left["image"], "Attribute": "launchPermission"}

    def permissions():
        return ec2.describe_image_attribute(**asked)["LaunchPermissions"]

    def seen():
        return friend.describe_images(ExecutableUsers=["self"])["Images"]

    by_id = {"ImageIds": [left["image"]]}
    before = [permissions(), seen(), code_of(friend.describe_images, **by_id)]
    add = {"Add": [{"UserId": FRIEND}]}
    ec2.modify_image_attribute(ImageId=left["image"], LaunchPermission=add)
    shared = seen()
    while_shared = [permissions(), code_of(friend.describe_images, **by_id)]
    not_theirs = code_of(friend.deregister_image, ImageId=left["image"])
    ec2.reset_image_attribute(**asked)
    return {
        "before": before,
        "whileShared": while_shared,
        "friendSees": [[each["Name"], each["OwnerId"], tags_of(each)] for each in shared],
        "friendDeregisters": not_theirs,
        "after": [permissions(), seen(), code_of(friend.describe_images, **by_id)],
    }


@topic
def image_states():
    image_id = register("walk/states")
    day = datetime.timedelta(days=30)
    now = datetime.datetime.fromisoformat(admin("GET", "clock")[1]["now"])
    when = (now + day).replace(second=0, microsecond=0)
    mine = {"Owners": ["self"], "Filters": [{"Name": "name", "Values": ["walk/states"]}]}

    def states(**more):
        return [each["State"] for each in ec2.describe_images(**mine, **more)["Images"]]

    ec2.enable_image_deprecation(ImageId=image_id, DeprecateAt=when)
    deprecated = image(image_id)["DeprecationTime"]
    ec2.disable_image_deprecation(ImageId=image_id)
    ec2.disable_image(ImageId=image_id)
    disabled = [states(), states(IncludeDisabled=True)]
    launched = code_of(ec2.run_instances, ImageId=image_id, MinCount=1, MaxCount=1)
    ec2.enable_image(ImageId=image_id)
    enabled = states()
    ec2.enable_image_deregistration_protection(ImageId=image_id)
    protected = image(image_id)["DeregistrationProtection"]
    refused = code_of(ec2.deregister_image, ImageId=image_id)
    ec2.disable_image_deregistration_protection(ImageId=image_id)
    return {
        "deprecatedAsAsked": datetime.datetime.fromisoformat(deprecated) == when,
        "notDeprecatedAnyMore": "DeprecationTime" not in image(image_id),
        "disabled": disabled,
        "launchOfDisabled": launched,
        "enabled": enabled,
        "protected": protected,
        "deregisterProtected": refused,
        "deregistered": code_of(ec2.deregister_image, ImageId=image_id),
        "after": states(IncludeDisabled=True),
    }


@topic
def deregister():
    snapshot = left["snapshots"][0]
    in_use = code_of(ec2.delete_snapshot, SnapshotId=snapshot)
    own = ec2.create_image(InstanceId=left["instance"], Name="walk/gone", NoReboot=True)["ImageId"]
    admin("POST", "clock", {"advance": "1h"})
    snapshots = [each["Ebs"]["SnapshotId"] for each in image(own)["BlockDeviceMappings"]]
    answer = ec2.deregister_image(ImageId=own, DeleteAssociatedSnapshots=True)
    results = [
        [each["SnapshotId"] in snapshots, each["ReturnCode"]]
        for each in answer["DeleteSnapshotResults"]
    ]
    shared = ec2.deregister_image(ImageId=left["image"], DeleteAssociatedSnapshots=True)
    kept = {each["SnapshotId"]: each["ReturnCode"] for each in shared["DeleteSnapshotResults"]}
    return {
        "inUse": in_use,
        "returned": answer["Return"],
        "results": results,
        "snapshotsAfter": [code_of(ec2.describe_snapshots, SnapshotIds=[i]) for i in snapshots],
        "sharedSnapshots": [kept[each] for each in left["snapshots"]],
        "found": names([ec2.describe_images(Filters=[{"Name": "image-id", "Values": [own]}])]),
    }


@topic
def errors():
    none = f"ami-{NOBODY}"
    unknown_filter = [{"Name": "colour", "Values": ["red"]}]
    some = register("walk/errors")
    snapshot = left["snapshots"][0]
    tag = [{"Key": "a", "Value": "1"}]
    return {
        "unknown image": code_of(ec2.describe_images, ImageIds=[none]),
        "malformed image": code_of(ec2.describe_images, ImageIds=["web-1"]),
        "name taken": code_of(
            ec2.create_image, InstanceId=left["instance"], Name="walk/errors", NoReboot=True
        ),
        "name malformed": code_of(
            ec2.create_image, InstanceId=left["instance"], Name="walk:errors", NoReboot=True
        ),
        "snapshot in use": code_of(ec2.delete_snapshot, SnapshotId=snapshot),
        "unknown snapshot": code_of(ec2.delete_snapshot, SnapshotId=f"snap-{NOBODY}"),
        "unknown instance": code_of(
            ec2.create_image, InstanceId=f"i-{NOBODY}", Name="walk/none", NoReboot=True
        ),
        "unknown filter": code_of(ec2.describe_images, Owners=["self"], Filters=unknown_filter),
        "unknown snapshot filter": code_of(
            ec2.describe_snapshots, OwnerIds=["self"], Filters=unknown_filter
        ),
        "reserved tag": code_of(
            ec2.create_tags, Resources=[some], Tags=[{"Key": "aws:mine", "Value": "1"}]
        ),
        "tag on nothing": code_of(ec2.create_tags, Resources=[none], Tags=tag),
        "dry run of a change": code_of(ec2.deregister_image, ImageId=some, DryRun=True),
        "dry run of a read": code_of(ec2.describe_images, Owners=["self"], DryRun=True),
        "pages and ids": code_of(ec2.describe_images, ImageIds=[some], MaxResults=5),
        "a token that is none": code_of(
            ec2.describe_images, Owners=["self"], MaxResults=5, NextToken="none"
        ),
        "still there after the dry run": image(some)["State"],
    }


def raw(service, content_type, body, headers=None):
    """Signs and sends what boto3 would not: (status, body)."""
    session = botocore.session.get_session()
    sent = {"Content-Type": content_type, **(headers or {})}
    request = AWSRequest(method="POST", url=ENDPOINT + "/", data=body.encode(), headers=sent)
    SigV4Auth(session.get_credentials(), service, HOME).add_auth(request)
    prepared = request.prepare()
    plain = urllib.request.Request(
        prepared.url, data=prepared.body, headers=dict(prepared.headers), method="POST"
    )
    try:
        with urllib.request.urlopen(plain) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


@topic
def raw_requests():
    def ec2_code(form):
        status, body = raw("ec2", "application/x-www-form-urlencoded", form)
        after = body.partition("<Code>")[2]
        return [status, after.partition("</Code>")[0] or "no code"]

    version = "Version=2016-11-15"
    return {
        "unknown parameter": ec2_code(f"Action=DescribeImages&{version}&Colour=red"),
        "unknown action": ec2_code(f"Action=PaintImage&{version}"),
        "missing parameter": ec2_code(f"Action=DeregisterImage&{version}"),
        "not a number": ec2_code(f"Action=DescribeImages&{version}&MaxResults=many"),
        "known": ec2_code(f"Action=DescribeRegions&{version}"),
    }


@topic
def standard_queue():
    url = sqs.create_queue(QueueName="walk")["QueueUrl"]
    greeting = {"kind": {"DataType": "String", "StringValue": "greeting"}}
    sqs.send_message(QueueUrl=url, MessageBody="first", MessageAttributes=greeting)
    batch = sqs.send_message_batch(
        QueueUrl=url,
        Entries=[{"Id": str(number), "MessageBody": f"more {number}"} for number in range(2)],
    )
    bodies = []
    attributes = []
    for _ in range(5):
        answer = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1, MessageAttributeNames=["All"]
        )
        for message in answer.get("Messages", []):
            bodies.append(message["Body"])
            attributes += [a["StringValue"] for a in message.get("MessageAttributes", {}).values()]
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        if len(bodies) == 3:
            break
    before = admin("GET", "clock")[1]["now"]
    empty = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2)
    waited = datetime.datetime.fromisoformat(
        admin("GET", "clock")[1]["now"]
    ) - datetime.datetime.fromisoformat(before)
    try:
        sqs.get_queue_url(QueueName="no-such-queue")
        unknown = "found"
    except sqs.exceptions.QueueDoesNotExist as refused:
        unknown = refused.response["Error"]["Code"]
    found = sqs.get_queue_url(QueueName="walk")["QueueUrl"]
    return {
        "sent": sorted(each["Id"] for each in batch["Successful"]),
        "received": sorted(bodies),
        "attributes": attributes,
        "afterDeleting": empty.get("Messages", []),
        "pollTookItsTime": waited.total_seconds() >= 2,
        "unknownQueue": unknown,
        "urlIsFound": found == url and url.startswith(ENDPOINT),
    }


@topic
def fifo_queue():
    url = sqs.create_queue(QueueName="walk.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]

    def send(body, group, token):
        return sqs.send_message(
            QueueUrl=url, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=token
        )

    send("a1", "a", "t1")
    send("a1", "a", "t1")
    send("a2", "a", "t2")
    send("b1", "b", "t3")

    def receive():
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)
        return answer.get("Messages", [None])[0]

    taken = [receive(), receive(), receive()]
    for message in taken:
        if message is not None:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    last = receive()
    return {
        "first": [message and message["Body"] for message in taken],
        "afterDeleting": last and last["Body"],
        "withoutGroup": code_of(sqs.send_message, QueueUrl=url, MessageBody="x"),
    }


@topic
def image_events():
    url = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    pattern = {"source": ["aws.ec2"], "detail-type": ["EC2 AMI State Change"]}
    rule = events.put_rule(Name="images", EventPattern=json.dumps(pattern), State="ENABLED")
    failed = events.put_targets(
        Rule="images", Targets=[{"Id": "heard", "Arn": arn["QueueArn"]}]
    )["FailedEntryCount"]
    image_id = register("walk/heard")
    ec2.deregister_image(ImageId=image_id)
    heard = []
    for _ in range(5):
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in answer.get("Messages", []):
            heard.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        if len(heard) == 2:
            break
    targets = events.list_targets_by_rule(Rule="images")["Targets"]
    events.remove_targets(Rule="images", Ids=["heard"])
    events.delete_rule(Name="images")
    return {
        "rule": rule["RuleArn"],
        "queue": arn["QueueArn"],
        "failedTargets": failed,
        "targets": targets,
        "events": sorted(
            [
                {
                    "source": each["source"],
                    "detail-type": each["detail-type"],
                    "account": each["account"],
                    "region": each["region"],
                    "isOfTheImage": each["resources"] == [f"arn:aws:ec2:{HOME}::image/{image_id}"],
                    "state": each["detail"]["State"],
                    "imageIdIsSaid": each["detail"]["ImageId"] == image_id,
                }
                for each in heard
            ],
            key=lambda each: each["state"],
        ),
        "rulesAfter": [each["Name"] for each in events.list_rules()["Rules"]],
    }


@topic
def parameters():
    ssm.put_parameter(Name="/golden/web", Type="String", Value="ami-1")
    taken = code_of(ssm.put_parameter, Name="/golden/web", Type="String", Value="ami-2")
    again = ssm.put_parameter(Name="/golden/web", Type="String", Value="ami-3", Overwrite=True)
    read = ssm.get_parameter(Name="/golden/web")["Parameter"]
    try:
        ssm.get_parameter(Name="/golden/none")
        unknown = "found"
    except ssm.exceptions.ParameterNotFound:
        unknown = "ParameterNotFound"
    return {
        "taken": taken,
        "version": again["Version"],
        "read": [read["Name"], read["Type"], read["Value"], read["Version"], read["ARN"]],
        "unknown": unknown,
    }


@topic
def clock_and_world():
    def now():
        return datetime.datetime.fromisoformat(admin("GET", "clock")[1]["now"])

    before = now()
    admin("POST", "clock", {"advance": "1d"})
    days = round((now() - before).total_seconds() / 86400, 2)
    backwards = admin("POST", "clock", {"to": before.isoformat()})[0]
    with urllib.request.urlopen(f"{ENDPOINT}/_imago/world") as answer:
        world = answer.read()

    def mine(name):
        named = [{"Name": "name", "Values": [name]}]
        return names([ec2.describe_images(Owners=["self"], Filters=named)])

    register("world/after-the-save")
    with_it = mine("world/*")
    loaded = admin("PUT", "world", world)[0]
    without_it = mine("world/*")
    kept = len(mine("pages/*"))
    bad = admin("PUT", "world", b"no world")
    return {
        "advancedDays": days,
        "backwards": backwards,
        "loaded": loaded,
        "withIt": with_it,
        "withoutIt": without_it,
        "kept": kept,
        "badWorld": bad[0],
        "unknownPath": admin("GET", "nothing")[0],
    }


def main():
    facts = {}
    for function in TOPICS:
        try:
            facts[function.__name__] = function()
        except Exception:  # What a topic meets unexpectedly is a fact too; the others go on.
            facts[function.__name__] = {"raised": traceback.format_exc()}
    json.dump(facts, sys.stdout, default=str)


main()

"""A walk through the fleets of the embedded cloud by boto3 as it is installed.

It is told an endpoint, a Region and an access key by the environment, and prints what it met.
"""

import json
import sys
import time

import boto3
from botocore.exceptions import ClientError

ec2 = boto3.client("ec2")
ROLE = "arn:aws:iam::111122223333:role/fleet"
NOBODY = "fleet-11111111-2222-3333-4444-555555555555"


def code_of(call, **parameters):
    try:
        call(**parameters)
        return "done"
    except ClientError as refused:
        return refused.response["Error"]["Code"]


def until(look, wanted):
    """What `look` sees when it is what is wanted, or after ten seconds."""
    for _ in range(100):
        seen = look()
        if seen == wanted:
            break
        time.sleep(0.1)
    return seen


def configs(*overrides):
    template = {"LaunchTemplateName": "web", "Version": "$Latest"}
    return [{"LaunchTemplateSpecification": template, "Overrides": list(overrides)}]


def capacity(total, **more):
    return {"TotalTargetCapacity": total, **more}


def fleet(fleet_id):
    return ec2.describe_fleets(FleetIds=[fleet_id])["Fleets"][0]


def members(fleet_id):
    found = ec2.describe_fleet_instances(FleetId=fleet_id)["ActiveInstances"]
    return [each["InstanceId"] for each in found]


def instances(ids):
    found = ec2.describe_instances(InstanceIds=ids)["Reservations"]
    return [each for reservation in found for each in reservation["Instances"]]


def tell_maintained():
    made = ec2.create_fleet(
        LaunchTemplateConfigs=configs({"InstanceType": "t3.large", "WeightedCapacity": 2.0}),
        TargetCapacitySpecification=capacity(4, DefaultTargetCapacityType="on-demand"),
        TagSpecifications=[
            {"ResourceType": "fleet", "Tags": [{"Key": "role", "Value": "<web> & co"}]}
        ],
    )
    fleet_id = made["FleetId"]
    until(lambda: len(members(fleet_id)), 2)
    known = members(fleet_id)
    told = fleet(fleet_id)
    tags = instances(known)[0]["Tags"]
    ec2.terminate_instances(InstanceIds=known[:1])
    until(lambda: len(members(fleet_id)), 1)
    replaced = until(lambda: len(members(fleet_id)), 2)
    until(lambda: fleet(fleet_id)["FleetState"], "active")
    ec2.modify_fleet(FleetId=fleet_id, TargetCapacitySpecification=capacity(0))
    return fleet_id, {
        "types": [each["InstanceType"] for each in instances(known)],
        "tags": [[each["Key"], each["Value"] == fleet_id] for each in tags],
        "state": [told["FleetState"], told["ActivityStatus"], told["FulfilledCapacity"]],
        "target": told["TargetCapacitySpecification"],
        "fleetTags": told["Tags"],
        "weights": [
            each["WeightedCapacity"] for each in told["LaunchTemplateConfigs"][0]["Overrides"]
        ],
        "replaced": replaced,
        "shrunk": until(lambda: len(members(fleet_id)), 0),
    }


def tell_instant(image):
    nowhere = {"InstanceType": "t3.small", "SubnetId": "subnet-0123456789abcdef0"}
    failed = ec2.create_fleet(
        Type="instant",
        LaunchTemplateConfigs=configs(nowhere),
        TargetCapacitySpecification=capacity(1),
    )
    made = ec2.create_fleet(
        Type="instant",
        LaunchTemplateConfigs=configs({"ImageId": image}),
        TargetCapacitySpecification=capacity(2, OnDemandTargetCapacity=1),
    )
    launched = [one for each in made["Instances"] for one in each["InstanceIds"]]
    return {
        "failed": [[each["ErrorCode"], each["Lifecycle"]] for each in failed["Errors"]],
        "none": failed["Instances"],
        "errors": made["Errors"],
        "lifecycles": [each["Lifecycle"] for each in made["Instances"]],
        "images": [each["ImageId"] == image for each in instances(launched)],
        "listed": [
            each["FleetId"] == made["FleetId"] for each in ec2.describe_fleets()["Fleets"]
        ],
        "members": code_of(ec2.describe_fleet_instances, FleetId=made["FleetId"]),
    }


def tell_lists(maintained):
    for _ in range(3):
        ec2.create_fleet(
            Type="request",
            LaunchTemplateConfigs=configs(),
            TargetCapacitySpecification=capacity(0),
        )
    requests = [{"Name": "type", "Values": ["request"]}]
    pages = ec2.get_paginator("describe_fleets").paginate(
        Filters=requests, PaginationConfig={"PageSize": 2}
    )
    deleted = ec2.delete_fleets(FleetIds=[maintained, NOBODY, "fleet-1"], TerminateInstances=True)
    return {
        "pages": [len(page["Fleets"]) for page in pages],
        "unknown": code_of(ec2.describe_fleets, FleetIds=[NOBODY]),
        "malformed": code_of(ec2.describe_fleets, FleetIds=["fleet-1"]),
        "badFilter": code_of(ec2.describe_fleets, Filters=[{"Name": "colour", "Values": ["red"]}]),
        "deleted": [
            each["CurrentFleetState"] for each in deleted["SuccessfulFleetDeletions"]
        ],
        "notDeleted": [
            each["Error"]["Code"] for each in deleted["UnsuccessfulFleetDeletions"]
        ],
        "gone": until(lambda: fleet(maintained)["FleetState"], "deleted"),
    }


def tell_spot(image):
    made = ec2.request_spot_fleet(
        SpotFleetRequestConfig={
            "IamFleetRole": ROLE,
            "TargetCapacity": 2,
            "LaunchSpecifications": [{"ImageId": image, "InstanceType": "t3.small"}],
        }
    )
    ids = [made["SpotFleetRequestId"]]

    def told():
        found = ec2.describe_spot_fleet_requests(SpotFleetRequestIds=ids)
        return found["SpotFleetRequestConfigs"][0]

    def held():
        found = ec2.describe_spot_fleet_instances(SpotFleetRequestId=ids[0])
        return [each["InstanceId"] for each in found["ActiveInstances"]]

    until(lambda: len(held()), 2)
    config = told()["SpotFleetRequestConfig"]
    tags = instances(held())[0]["Tags"]
    pages = ec2.get_paginator("describe_spot_fleet_requests").paginate()
    cancelled = ec2.cancel_spot_fleet_requests(SpotFleetRequestIds=ids, TerminateInstances=True)
    bad = {"IamFleetRole": "fleet", "TargetCapacity": 1}
    return {
        "config": [config["Type"], config["AllocationStrategy"], config["FulfilledCapacity"]],
        "images": [each["ImageId"] == image for each in config["LaunchSpecifications"]],
        "tags": [[each["Key"], each["Value"] == ids[0]] for each in tags],
        "listed": len(pages.build_full_result()["SpotFleetRequestConfigs"]),
        "cancelled": [
            each["CurrentSpotFleetRequestState"] for each in cancelled["SuccessfulFleetRequests"]
        ],
        "left": until(lambda: len(held()), 0),
        "gone": until(lambda: told()["SpotFleetRequestState"], "cancelled"),
        "badRole": code_of(ec2.request_spot_fleet, SpotFleetRequestConfig=bad),
    }


def tell_public():
    def names(**asked):
        found = ec2.describe_images(**asked)["Images"]
        return sorted(each["Name"].split("-")[0] for each in found)

    sold = ec2.describe_images(Owners=["aws-marketplace"])["Images"][0]
    code = sold["ProductCodes"][0]
    by_code = [{"Name": "product-code", "Values": [code["ProductCodeId"]]}]
    launched = ec2.run_instances(ImageId=sold["ImageId"], MinCount=1, MaxCount=1)
    return {
        "amazon": names(Owners=["amazon"]),
        "windows": names(Filters=[{"Name": "platform", "Values": ["windows"]}]),
        "everybody": len(names(ExecutableUsers=["all"])),
        "mine": names(ExecutableUsers=["self"]),
        "deprecated": len(names(IncludeDeprecated=True)),
        "sold": [names(Filters=by_code), code["ProductCodeType"], sold["ImageOwnerAlias"]],
        "launched": launched["Instances"][0]["ProductCodes"] == [code],
    }


def main():
    noble = [{"Name": "name", "Values": ["ubuntu/*noble*"]}]
    image = ec2.describe_images(Filters=noble)["Images"][0]["ImageId"]
    small = {"ImageId": image, "InstanceType": "t3.small"}
    ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=small)
    other = [{"Name": "name", "Values": ["al2023*x86_64"]}]
    maintained, facts = tell_maintained()
    story = {
        "maintained": facts,
        "instant": tell_instant(ec2.describe_images(Filters=other)["Images"][0]["ImageId"]),
        "lists": tell_lists(maintained),
        "spot": tell_spot(image),
        "public": tell_public(),
    }
    json.dump(story, sys.stdout, default=str)


main()

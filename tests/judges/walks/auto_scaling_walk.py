"""A walk through Auto Scaling of the embedded cloud by boto3 as it is installed.

It is told an endpoint, a Region and an access key by the environment, and prints what it met.
"""

import json
import sys
import time

import boto3
from botocore.exceptions import ClientError

ec2 = boto3.client("ec2")
scaling = boto3.client("autoscaling")
ZONES = ["eu-central-1a", "eu-central-1b"]


def code_of(call, **parameters):
    try:
        call(**parameters)
        return "done"
    except ClientError as refused:
        return refused.response["Error"]["Code"]


def group(name):
    found = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    return next(iter(found["AutoScalingGroups"]), None)


def wait_for(name, count):
    """The group when it has so many instances in service, or as it is after ten seconds."""
    for _ in range(100):
        found = group(name)
        states = [each["LifecycleState"] for each in found["Instances"]]
        if states == ["InService"] * count:
            return found
        time.sleep(0.1)
    return group(name)


def make_templates(image):
    small = {"ImageId": image, "InstanceType": "t3.small"}
    made = ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=small)
    large = {"ImageId": image, "InstanceType": "t3.large"}
    ec2.create_launch_template_version(LaunchTemplateName="web", LaunchTemplateData=large)
    scaling.create_launch_configuration(
        LaunchConfigurationName="old",
        ImageId=image,
        InstanceType="t3.micro",
        BlockDeviceMappings=[{"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 5}}],
    )
    return made["LaunchTemplate"]["LaunchTemplateId"]


def make_groups(template):
    size = {"MinSize": 0, "MaxSize": 4, "AvailabilityZones": ZONES}
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="by-id",
        LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"},
        DesiredCapacity=2,
        Tags=[{"Key": "role", "Value": "<web> & co", "PropagateAtLaunch": True}],
        **size,
    )
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="by-configuration", LaunchConfigurationName="old", **size
    )
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="mixed",
        MixedInstancesPolicy={
            "LaunchTemplate": {
                "LaunchTemplateSpecification": {"LaunchTemplateName": "web", "Version": "1"},
                "Overrides": [{"InstanceType": "t3.medium"}, {"InstanceType": "t3.large"}],
            },
            "InstancesDistribution": {"OnDemandPercentageAboveBaseCapacity": 0},
        },
        DesiredCapacity=1,
        **size,
    )


def tell_instances():
    by_id = wait_for("by-id", 2)
    ids = [each["InstanceId"] for each in by_id["Instances"]]
    launched = ec2.describe_instances(InstanceIds=ids)["Reservations"][0]["Instances"][0]
    mixed = wait_for("mixed", 1)
    details = scaling.describe_auto_scaling_instances(InstanceIds=ids)["AutoScalingInstances"]
    return {
        "types": [each["InstanceType"] for each in by_id["Instances"]],
        "versions": [each["LaunchTemplate"]["Version"] for each in by_id["Instances"]],
        "zones": [each["AvailabilityZone"] for each in by_id["Instances"]],
        "tags": {each["Key"]: each["Value"] for each in launched["Tags"]},
        "mixed": [each["InstanceType"] for each in mixed["Instances"]],
        "distribution": mixed["MixedInstancesPolicy"]["InstancesDistribution"],
        "health": [each["HealthStatus"] for each in details],
    }


def tell_changes():
    lost = group("by-id")["Instances"][0]["InstanceId"]
    ec2.terminate_instances(InstanceIds=[lost])
    time.sleep(0.5)
    replaced = [each["InstanceId"] for each in wait_for("by-id", 2)["Instances"]]
    name = {"AutoScalingGroupName": "by-configuration"}
    above = code_of(scaling.set_desired_capacity, DesiredCapacity=5, **name)
    scaling.set_desired_capacity(DesiredCapacity=3, **name)
    grown = len(wait_for("by-configuration", 3)["Instances"])
    scaling.update_auto_scaling_group(MaxSize=1, **name)
    shrunk = wait_for("by-configuration", 1)
    return {
        "replaced": [len(replaced), lost in replaced],
        "above": above,
        "grown": grown,
        "shrunk": [len(shrunk["Instances"]), shrunk["DesiredCapacity"]],
    }


def tell_lists():
    groups = scaling.get_paginator("describe_auto_scaling_groups")
    pages = [
        [each["AutoScalingGroupName"] for each in page["AutoScalingGroups"]]
        for page in groups.paginate(PaginationConfig={"PageSize": 2})
    ]
    tag = {"ResourceId": "mixed", "ResourceType": "auto-scaling-group", "PropagateAtLaunch": False}
    scaling.create_or_update_tags(Tags=[{**tag, "Key": "team", "Value": "a"}])
    tags = scaling.get_paginator("describe_tags").paginate().build_full_result()["Tags"]
    scaling.delete_tags(Tags=[{**tag, "Key": "team"}])
    configurations = scaling.describe_launch_configurations()["LaunchConfigurations"]
    return {
        "pages": pages,
        "tags": [[each["ResourceId"], each["Key"], each["PropagateAtLaunch"]] for each in tags],
        "tagsLeft": len(scaling.describe_tags()["Tags"]),
        "configurations": [
            [each["LaunchConfigurationName"], each["BlockDeviceMappings"], each["KeyName"]]
            for each in configurations
        ],
    }


def tell_refusals():
    try:
        scaling.delete_launch_configuration(LaunchConfigurationName="old")
        in_use = "done"
    except scaling.exceptions.ResourceInUseFault as refused:
        in_use = refused.response["Error"]["Message"]
    try:
        scaling.create_launch_configuration(
            LaunchConfigurationName="old", ImageId="ami-1", InstanceType="t3.micro"
        )
        taken = "done"
    except scaling.exceptions.AlreadyExistsFault as refused:
        taken = refused.response["Error"]["Code"]
    nobody = {"AutoScalingGroupName": "none"}
    return {
        "inUse": in_use,
        "taken": taken,
        "unknown": code_of(scaling.set_desired_capacity, DesiredCapacity=1, **nobody),
        "withInstances": code_of(scaling.delete_auto_scaling_group, AutoScalingGroupName="mixed"),
        "badToken": code_of(scaling.describe_auto_scaling_groups, NextToken="x"),
    }


def tell_deletion():
    for name in ["by-id", "by-configuration", "mixed"]:
        scaling.delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)
    for _ in range(100):
        left = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
        if not left:
            break
        time.sleep(0.1)
    scaling.delete_launch_configuration(LaunchConfigurationName="old")
    running = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
    return {
        "groups": len(left),
        "configurations": len(scaling.describe_launch_configurations()["LaunchConfigurations"]),
        "running": len(ec2.describe_instances(Filters=running)["Reservations"]),
    }


def main():
    noble = [{"Name": "name", "Values": ["ubuntu/*noble*"]}]
    image = ec2.describe_images(Filters=noble)["Images"][0]["ImageId"]
    make_groups(make_templates(image))
    facts = {
        "instances": tell_instances(),
        "changes": tell_changes(),
        "lists": tell_lists(),
        "refusals": tell_refusals(),
        "deletion": tell_deletion(),
    }
    json.dump(facts, sys.stdout, default=str)


main()

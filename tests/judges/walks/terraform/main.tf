# What the AWS provider is asked to make in the embedded cloud: an image of a running instance, shared
# with a friend, and copies of another image in a second Region. Endpoint and credentials come from
# the environment.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "instance_id" {
  type = string
}

variable "source_image_id" {
  type = string
}

variable "friend" {
  type = string
}

variable "deprecation_time" {
  type = string
}

variable "role" {
  type = string
}

provider "aws" {
  region = "eu-central-1"
}

provider "aws" {
  alias  = "dr"
  region = "eu-west-1"
}

data "aws_caller_identity" "me" {}

data "aws_region" "here" {}

data "aws_ami" "ubuntu" {
  most_recent = true
  owners      = ["099720109477"]

  filter {
    name   = "name"
    values = ["ubuntu/images/*"]
  }

  filter {
    name   = "root-device-type"
    values = ["ebs"]
  }

  filter {
    name   = "state"
    values = ["available"]
  }
}

resource "aws_ami_from_instance" "golden" {
  name                    = "terraform/golden"
  source_instance_id      = var.instance_id
  snapshot_without_reboot = true

  tags = {
    role = var.role
  }
}

resource "aws_ami_launch_permission" "friend" {
  image_id   = aws_ami_from_instance.golden.id
  account_id = var.friend
}

resource "aws_ami_copy" "golden" {
  provider          = aws.dr
  name              = "terraform/golden-copy"
  description       = "a copy for disasters"
  source_ami_id     = var.source_image_id
  source_ami_region = data.aws_region.here.name
  encrypted         = false
  deprecation_time  = var.deprecation_time

  tags = {
    role = var.role
  }
}

resource "aws_ami_copy" "encrypted" {
  provider          = aws.dr
  name              = "terraform/golden-encrypted"
  source_ami_id     = var.source_image_id
  source_ami_region = data.aws_region.here.name
  encrypted         = true
}

data "aws_ami" "copy" {
  provider    = aws.dr
  most_recent = true
  owners      = ["self"]

  filter {
    name   = "name"
    values = ["terraform/golden-copy"]
  }

  depends_on = [aws_ami_copy.golden]
}

output "account" {
  value = data.aws_caller_identity.me.account_id
}

output "ubuntu" {
  value = data.aws_ami.ubuntu.name
}

output "golden" {
  value = aws_ami_from_instance.golden.id
}

output "copy" {
  value = {
    id           = aws_ami_copy.golden.id
    is_found     = data.aws_ami.copy.id == aws_ami_copy.golden.id
    owner        = data.aws_ami.copy.owner_id
    state        = data.aws_ami.copy.state
    tags         = data.aws_ami.copy.tags
    architecture = aws_ami_copy.golden.architecture
    root_device  = aws_ami_copy.golden.root_device_name
    disks = sort([
      for disk in data.aws_ami.copy.block_device_mappings :
      "${disk.device_name} ${disk.ebs.volume_size} ${disk.ebs.encrypted}"
    ])
  }
}

output "encrypted" {
  value = [for disk in aws_ami_copy.encrypted.ebs_block_device : disk.encrypted]
}

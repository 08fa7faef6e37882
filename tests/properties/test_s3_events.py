"""The events of moto's S3 are the whole story: whoever reads them all knows which objects there are."""

from __future__ import annotations

import boto3
import pytest
from hypothesis import given, settings, strategies as st
from moto import mock_aws

from eventmock import mock_events

KEYS = ("a", "b c/ü", "d+e")
KEY = st.sampled_from(KEYS)
CALLS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), KEY, st.booleans()),
        st.tuples(st.just("upload"), KEY),
        st.tuples(st.just("copy"), KEY, KEY),
        st.tuples(st.just("delete"), KEY),
        st.tuples(st.just("delete version"), KEY, st.integers(0, 3)),
        st.tuples(
            st.just("delete several"), st.lists(KEY, min_size=1, max_size=3, unique=True), st.booleans()
        ),
        st.tuples(st.just("tag"), KEY),
    ),
    max_size=12,
)


def versions_in(s3):
    """The versions of each object that moto has, with its delete markers; the version id is None without versions."""
    listed = s3.list_object_versions(Bucket="orders")
    found = [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]
    return {(each["Key"], None if each["VersionId"] == "null" else each["VersionId"]) for each in found}


def versions_told(events):
    """The versions of each object that there are if all that the events say happened, and nothing else."""
    there = set()
    for received in events:
        detail = received.event["detail"]
        version = detail["object"]["key"], detail["object"].get("version-id")
        if received.detail_type == "Object Created" or detail.get("deletion-type") == "Delete Marker Created":
            there.add(version)
        elif received.detail_type == "Object Deleted":
            there.remove(version)
        else:
            assert received.detail_type == "Object Tags Added"
            assert version in there
    return there


def carry_out(s3, call, *others):
    """Carry out a call, unless moto would refuse it."""
    is_there = {each["Key"] for each in s3.list_objects_v2(Bucket="orders").get("Contents", [])}
    match call:
        case "put":
            key, has_tags = others
            s3.put_object(Bucket="orders", Key=key, Body=b"x", Tagging="a=b" if has_tags else "")
        case "upload":
            names = {"Bucket": "orders", "Key": others[0]}
            names |= {"UploadId": s3.create_multipart_upload(**names)["UploadId"]}
            part = {"PartNumber": 1, "ETag": s3.upload_part(**names, PartNumber=1, Body=b"x")["ETag"]}
            s3.complete_multipart_upload(**names, MultipartUpload={"Parts": [part]})
        case "copy" if others[0] in is_there and others[0] != others[1]:
            s3.copy_object(Bucket="orders", Key=others[1], CopySource={"Bucket": "orders", "Key": others[0]})
        case "delete":
            s3.delete_object(Bucket="orders", Key=others[0])
        case "delete version":
            ids = sorted(version for key, version in versions_in(s3) if key == others[0] and version)
            if ids:
                s3.delete_object(Bucket="orders", Key=others[0], VersionId=ids[others[1] % len(ids)])
        case "delete several":
            objects = [{"Key": key} for key in others[0]]
            s3.delete_objects(Bucket="orders", Delete={"Objects": objects, "Quiet": others[1]})
        case "tag" if others[0] in is_there:
            s3.put_object_tagging(
                Bucket="orders", Key=others[0], Tagging={"TagSet": [{"Key": "a", "Value": "c"}]}
            )


@pytest.mark.parametrize("has_versions", [False, True])
@given(calls=CALLS)
@settings(max_examples=25)
def test_what_the_events_say_is_what_moto_has(has_versions, calls):
    with mock_aws(), mock_events() as backend:
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="orders")
        s3.put_bucket_notification_configuration(
            Bucket="orders", NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
        if has_versions:
            s3.put_bucket_versioning(Bucket="orders", VersioningConfiguration={"Status": "Enabled"})
        for call in calls:
            carry_out(s3, *call)
            assert versions_told(backend.events) == versions_in(s3)
        details = [received.event["detail"]["object"] for received in backend.events]
        sequencers = [detail["sequencer"] for detail in details if "sequencer" in detail]
        assert sequencers == sorted(set(sequencers))

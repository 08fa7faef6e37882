"""S3 transfers that would go around botocore's send layer are refused before anything is opened or started."""

from __future__ import annotations

import io
import multiprocessing
import subprocess
import sys

import boto3
import boto3.s3.constants
import pytest
from boto3.s3.transfer import TransferConfig
from moto import mock_aws

from eventmock import NetworkBlocked, mock_events

KEYS = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "us-east-1"}
TRANSFERS = {
    "upload": lambda s3, config: s3.upload_fileobj(io.BytesIO(b"x"), "bucket", "key", Config=config),
    "download": lambda s3, config: s3.download_fileobj("bucket", "key", io.BytesIO(), Config=config),
}


class TestCommonRuntime:
    @pytest.fixture(autouse=True)
    def _awscrt(self, monkeypatch):
        """Nothing of the Common Runtime may be made, not even a client without a connection."""
        s3 = pytest.importorskip("awscrt.s3")

        def made(*_args, **_kwargs):
            raise AssertionError("the Common Runtime was asked")

        for name in ("S3Client", "CrossProcessLock"):
            monkeypatch.setattr(s3, name, made)
        monkeypatch.setattr("s3transfer.crt.S3Client", made)

    @pytest.fixture(params=["crt", "auto"])
    def config(self, request, monkeypatch):
        """A configuration by which boto3 transfers by the Common Runtime."""
        if request.param == "crt" and not hasattr(boto3.s3.constants, "CRT_TRANSFER_CLIENT"):
            pytest.skip("this boto3 chooses the Common Runtime by itself only")
        if request.param == "auto":
            monkeypatch.setattr("awscrt.s3.is_optimized_for_system", lambda: True)
        return TransferConfig(preferred_transfer_client=request.param)

    @pytest.mark.parametrize("transfer", TRANSFERS)
    @pytest.mark.parametrize("made", ["before", "inside"])
    def test_a_transfer_is_refused_and_told_what_to_do(self, config, made, transfer):
        s3 = boto3.client("s3", **KEYS)
        with mock_events():
            if made == "inside":
                s3 = boto3.client("s3", **KEYS)
            with pytest.raises(NetworkBlocked) as caught:
                TRANSFERS[transfer](s3, config)
        assert str(caught.value) == (
            "A transfer of S3 was about to leave the process by the AWS Common Runtime (awscrt), which opens "
            "connections that neither eventmock nor moto sees.\n"
            'Way out: TransferConfig(preferred_transfer_client="classic"), whose requests are answered, let out or '
            "refused like all others."
        )

    def test_passthrough_lets_none_out(self, config):
        with mock_events(passthrough=["*"]), pytest.raises(NetworkBlocked, match="Common Runtime"):
            TRANSFERS["upload"](boto3.client("s3", endpoint_url="http://localhost:4566", **KEYS), config)

    def test_a_resource_s_is_refused_too(self, config):
        with mock_events(), pytest.raises(NetworkBlocked, match="Common Runtime"):
            boto3.resource("s3", **KEYS).Bucket("bucket").upload_fileobj(
                io.BytesIO(b"x"), "key", Config=config
            )

    def test_a_manager_made_before_is_refused_too(self):
        from s3transfer.crt import CRTTransferManager

        sent = []

        class Client:
            def make_request(self, **given):
                sent.append(given)

        class Serializer:
            def translate_crt_exception(self, _error):
                return None

        manager = CRTTransferManager(Client(), Serializer())
        with mock_events(), pytest.raises(NetworkBlocked, match="Common Runtime"):
            manager.upload(io.BytesIO(b"x"), "bucket", "key")
        assert sent == []

    def test_without_a_mock_they_are_boto3_s_business(self, config):
        s3 = boto3.client("s3", **KEYS)
        with mock_events():
            pass
        with pytest.raises(AssertionError, match="the Common Runtime was asked"):
            TRANSFERS["upload"](s3, config)

    def test_it_is_refused_where_boto3_imports_it_inside_the_mock(self):
        code = (
            "import io, sys, boto3\n"
            "from eventmock import NetworkBlocked, mock_events\n"
            "assert 's3transfer.crt' not in sys.modules\n"
            "with mock_events():\n"
            "    s3 = boto3.client('s3', 'us-east-1')\n"
            "    from boto3.s3.transfer import TransferConfig\n"
            "    try:\n"
            "        config = TransferConfig(preferred_transfer_client='crt')\n"
            "        s3.upload_fileobj(io.BytesIO(), 'b', 'k', Config=config)\n"
            "    except NetworkBlocked:\n"
            "        import s3transfer.crt\n"
            "        assert s3transfer.crt.CRT_S3_PROCESS_LOCK is None\n"
            "        print('refused')\n"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert done.stdout == "refused\n", done.stderr


class TestClassic:
    @pytest.mark.parametrize("preferred", ["classic", "auto"])
    def test_a_transfer_is_answered_by_moto(self, preferred):
        with mock_aws(), mock_events():
            s3 = boto3.client("s3", region_name="us-east-1")
            s3.create_bucket(Bucket="bucket")
            config = TransferConfig(preferred_transfer_client=preferred)
            TRANSFERS["upload"](s3, config)
            assert s3.get_object(Bucket="bucket", Key="key")["Body"].read() == b"x"

    def test_a_transfer_is_refused_like_any_request(self):
        with mock_events(), pytest.raises(NetworkBlocked, match="'s3'"):
            TRANSFERS["upload"](boto3.client("s3"), TransferConfig(preferred_transfer_client="classic"))


class TestProcessPool:
    @pytest.fixture
    def started(self, monkeypatch):
        """The processes that were started; none of them runs."""
        started = []
        monkeypatch.setattr(multiprocessing.Process, "start", started.append)
        return started

    @pytest.mark.parametrize("method", ["spawn", "forkserver"])
    def test_processes_without_the_mock_are_not_started(self, monkeypatch, started, method):
        from s3transfer.processpool import ProcessPoolDownloader

        monkeypatch.setattr(multiprocessing, "get_start_method", lambda: method)
        downloader = ProcessPoolDownloader({"region_name": "us-east-1"})
        with mock_events(), pytest.raises(NetworkBlocked) as caught:
            downloader.download_file("bucket", "key", "file", expected_size=1)
        assert started == []
        assert str(caught.value) == (
            "s3transfer's ProcessPoolDownloader was about to start processes, in which no mock is active, and which "
            "would reach the network.\n"
            "Ways out: download by the client's own download_file, or start processes by fork."
        )

    def test_forked_ones_have_the_mock(self, monkeypatch):
        from s3transfer.processpool import ProcessPoolDownloader

        begun = []
        monkeypatch.setattr(multiprocessing, "get_start_method", lambda: "fork")

        def start(downloader):
            begun.append(downloader)

        monkeypatch.setattr(ProcessPoolDownloader, "_start", start)
        downloader = ProcessPoolDownloader({"region_name": "us-east-1"})
        with mock_events():
            downloader._start_if_needed()
        assert begun == [downloader]

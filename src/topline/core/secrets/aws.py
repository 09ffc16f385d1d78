"""AWS Secrets Manager. Region, address and identity are found the way every AWS program finds them."""

import json
from collections.abc import Mapping
from typing import Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from topline.core.secrets.stores import Access, StoreAway, by_setting

_PATIENCE: Final = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 2})


class Store:
    """One secret whose text is a JSON object of settings; the version labeled AWSCURRENT counts."""

    def __init__(self, name: str, _access: Access) -> None:
        self._name = name

    def fetch(self) -> Mapping[str, str]:
        """Ask for it. A client each time: an identity that lives for an hour is renewed with it."""
        try:
            client = boto3.session.Session().client("secretsmanager", config=_PATIENCE)
            answer = client.get_secret_value(SecretId=self._name)
        except ClientError as error:
            raise StoreAway(f"Secrets Manager: {error.response['Error'].get('Code', 'refused')}") from None
        except BotoCoreError as error:
            raise StoreAway(f"Secrets Manager: {type(error).__name__}") from None
        try:
            return by_setting(json.loads(answer["SecretString"]))
        except (KeyError, ValueError, AttributeError):
            # `from None`: the broken text is part of the error, and it is secret.
            raise StoreAway("Secrets Manager: the secret is no JSON object") from None

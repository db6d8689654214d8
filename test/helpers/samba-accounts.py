"""Makes accounts in a domain of Samba's. Arguments: its smb.conf, then JSON: { users: {name: password}, services: [{account, spn, enctypes,
keytab}] }."""
import json
import os
import sys

import samba.dckeytab  # gives Net its export_keytab
from samba.auth import system_session
from samba.net import Net
from samba.param import LoadParm
from samba.samdb import SamDB

settings = LoadParm()
settings.load(sys.argv[1])
domain = SamDB(url=os.path.join(settings.get('private dir'), 'sam.ldb'), session_info=system_session(), lp=settings)
wanted = json.loads(sys.argv[2])
for name, password in wanted['users'].items():
    domain.newuser(name, password)
for service in wanted['services']:
    name = service['account']
    domain.newuser(name, 'First-passw0rd!')
    domain.modify_ldif(
        f'dn: CN={name},CN=Users,DC=lab,DC=test\nchangetype: modify\n'
        f"replace: msDS-SupportedEncryptionTypes\nmsDS-SupportedEncryptionTypes: {service['enctypes']}\n-\n"
        f"add: servicePrincipalName\nservicePrincipalName: {service['spn']}\n"
    )
    # Keys of the new types come with the next password.
    domain.setpassword(f'(sAMAccountName={name})', 'Second-passw0rd!')
    Net(None, settings).export_keytab(keytab=service['keytab'], principal=service['spn'])

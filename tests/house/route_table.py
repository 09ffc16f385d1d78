"""Who may call what, written out by hand: the walk of every route (`test_routes.py`) compares the program with this.

A new route fails the suite until it stands here. `MAY` says again, in other words, what `core/permissions.py` says:
a slip in one of the two does not open a door unseen.
"""

#: Method and path → the permission it needs, or `public`.
ROUTES = """
GET     /                                                                  public
GET     /account                                                           self:use
POST    /account/not-me                                                    self:use
GET     /account/factors/passkey                                           self:use
POST    /account/factors/passkey                                           self:use
POST    /account/factors/passkeys/{passkey_id}/remove                      self:use
POST    /account/factors/passkeys/{passkey_id}/rename                      self:use
GET     /account/history                                                   self:use
GET     /account/new-password                                              self:use
GET     /account/factors                                                   self:use
GET     /account/factors/authenticator                                     self:use
POST    /account/factors/authenticator                                     self:use
POST    /account/factors/authenticator/remove                              self:use
POST    /account/factors/codes                                             self:use
POST    /account/keys                                                      keys:own
POST    /account/keys/{key_id}/revoke                                      keys:own
POST    /account/password                                                  self:use
POST    /account/sessions/{session_id}/end                                 self:use
POST    /account/sign-out-everywhere                                       self:use
GET     /api/audit-events                                                  audit:read
POST    /api/auth/confirm                                                  self:use
GET     /api/auth/history                                                  self:use
POST    /api/auth/not-me                                                   self:use
GET     /api/auth/factors                                                  self:use
DELETE  /api/auth/factors/authenticator                                    self:use
POST    /api/auth/factors/authenticator                                    self:use
PUT     /api/auth/factors/authenticator                                    self:use
POST    /api/auth/factors/codes                                            self:use
GET     /api/auth/keys                                                     keys:own
POST    /api/auth/keys                                                     keys:own
DELETE  /api/auth/keys/{key_id}                                            keys:own
GET     /api/auth/locks                                                    people:manage
DELETE  /api/auth/locks/{kind}/{subject_id}                                people:manage
POST    /api/auth/login                                                    public
POST    /api/auth/confirm/passkey                                          self:use
POST    /api/auth/login/passkey                                            public
POST    /api/auth/passkeys                                                 self:use
POST    /api/auth/passkeys/challenge                                       public
POST    /api/auth/passkeys/offer                                           self:use
DELETE  /api/auth/passkeys/{passkey_id}                                    self:use
PATCH   /api/auth/passkeys/{passkey_id}                                    self:use
POST    /api/auth/login/second                                             public
POST    /api/auth/logout                                                   public
GET     /api/auth/me                                                       self:use
POST    /api/auth/password                                                 self:use
POST    /api/auth/pin                                                      tablet:use
POST    /api/auth/pin/change                                               self:use
GET     /api/auth/sessions                                                 self:use
DELETE  /api/auth/sessions/{session_id}                                    self:use
GET     /api/behavior-logs                                                 logs:read_own
POST    /api/behavior-logs                                                 logs:create
POST    /api/behavior-logs/batch                                           tablet:use
GET     /api/behavior-logs/batches/{batch_id}                              logs:verify
POST    /api/behavior-logs/batches/{batch_id}/undo                         logs:verify
POST    /api/behavior-logs/bulk-reject                                     logs:verify
POST    /api/behavior-logs/bulk-verify                                     logs:verify
GET     /api/behavior-logs/queue                                           logs:verify
GET     /api/behavior-logs/queue/counts                                    logs:verify
GET     /api/behavior-logs/{log_id}                                        logs:read_own
POST    /api/behavior-logs/{log_id}/answer                                 logs:read_own
GET     /api/behavior-logs/{log_id}/evidence                               logs:read_own
PUT     /api/behavior-logs/{log_id}/evidence                               logs:create
GET     /api/behavior-logs/{log_id}/history                                logs:verify
POST    /api/behavior-logs/{log_id}/reject                                 logs:verify
POST    /api/behavior-logs/{log_id}/reopen                                 logs:verify
POST    /api/behavior-logs/{log_id}/undo                                   logs:create
POST    /api/behavior-logs/{log_id}/verify                                 logs:verify
GET     /api/behaviors                                                     behaviors:read_own
POST    /api/behaviors                                                     behaviors:manage
GET     /api/behaviors/{behavior_id}                                       behaviors:read_own
PATCH   /api/behaviors/{behavior_id}                                       behaviors:manage
GET     /api/behaviors/{behavior_id}/terms                                 behaviors:read_own
POST    /api/behaviors/{behavior_id}/terms                                 behaviors:manage
GET     /api/benchmarks                                                    results:read
DELETE  /api/benchmarks/{location_id}/{year}                               organization:manage
GET     /api/benchmarks/{location_id}/{year}                               results:read
PUT     /api/benchmarks/{location_id}/{year}                               organization:manage
GET     /api/daily-entries                                                 results:read
GET     /api/daily-entries/export                                          results:read
GET     /api/daily-entries/{location_id}/{business_date}                   results:read
PUT     /api/daily-entries/{location_id}/{business_date}                   results:write
POST    /api/daily-entries/{location_id}/{business_date}/adjust            results:write
POST    /api/daily-entries/{location_id}/{business_date}/close             results:write
GET     /api/daily-entries/{location_id}/{business_date}/versions          results:read
GET     /api/departments                                                   organization:read
POST    /api/departments                                                   organization:manage
PATCH   /api/departments/{department_id}                                   organization:manage
GET     /api/devices                                                       devices:manage
POST    /api/devices/codes                                                 devices:manage
POST    /api/devices/displays                                              devices:manage
POST    /api/devices/enroll                                                public
DELETE  /api/devices/{device_id}                                           devices:manage
PATCH   /api/devices/{device_id}                                           devices:manage
POST    /api/devices/{device_id}/link                                      devices:manage
GET     /api/health                                                        public
GET     /api/imports                                                       imports:manage
POST    /api/imports                                                       imports:manage
GET     /api/imports/templates/{kind}                                      imports:manage
DELETE  /api/imports/{import_id}                                           imports:manage
GET     /api/imports/{import_id}                                           imports:manage
PUT     /api/imports/{import_id}                                           imports:manage
POST    /api/imports/{import_id}/commit                                    imports:manage
GET     /api/imports/{import_id}/problems                                  imports:manage
POST    /api/imports/{import_id}/undo                                      imports:manage
GET     /api/leaderboard                                                   leaderboard:own
GET     /api/locations                                                     organization:read
POST    /api/locations                                                     organization:manage
GET     /api/locations/{location_id}                                       organization:read
PUT     /api/locations/{location_id}                                       organization:manage
GET     /api/locations/{location_id}/closures                              organization:read
DELETE  /api/locations/{location_id}/closures/{day}                        organization:manage
PUT     /api/locations/{location_id}/closures/{day}                        organization:manage
GET     /api/organization                                                  organization:read
PATCH   /api/organization                                                  organization:manage
GET     /api/roles                                                         people:read
POST    /api/roles                                                         roles:manage
PATCH   /api/roles/{role_id}                                               roles:manage
GET     /api/scoreboard                                                    wall:show
GET     /api/scoreboard/stream                                             wall:show
GET     /api/tablet/me                                                     logs:read_own
GET     /api/tablet/state                                                  tablet:use
GET     /api/users                                                         people:read
POST    /api/users                                                         people:manage
GET     /api/users/{person_id}                                             people:read
PUT     /api/users/{person_id}                                             people:manage
POST    /api/users/{person_id}/deactivate                                  people:manage
DELETE  /api/users/{person_id}/factors                                     factors:reset
POST    /api/users/{person_id}/password-link                               people:manage
GET     /api/users/{person_id}/sign-ins                                    people:manage
POST    /api/users/{person_id}/password                                    people:manage
POST    /api/users/{person_id}/pin                                         people:manage
POST    /api/users/{person_id}/reactivate                                  people:manage
GET     /audit                                                             audit:read
GET     /behaviors                                                         behaviors:read
GET     /behaviors/new                                                     behaviors:manage
POST    /behaviors/new                                                     behaviors:manage
GET     /behaviors/{behavior_id}                                           behaviors:read
POST    /behaviors/{behavior_id}                                           behaviors:manage
POST    /behaviors/{behavior_id}/deactivate                                behaviors:manage
POST    /behaviors/{behavior_id}/restore                                   behaviors:manage
GET     /board                                                             leaderboard:read
GET     /devices                                                           devices:manage
POST    /devices/codes                                                     devices:manage
GET     /devices/codes/{code_id}                                           devices:manage
POST    /devices/displays                                                  devices:manage
POST    /devices/locks/clear                                               people:manage
POST    /devices/{device_id}/link                                          devices:manage
POST    /devices/{device_id}/rename                                        devices:manage
POST    /devices/{device_id}/revoke                                        devices:manage
GET     /confirm                                                           self:use
POST    /confirm                                                           self:use
GET     /docs                                                              public
GET     /health/ready                                                      public
GET     /health/version                                                    public
GET     /openapi                                                           public
GET     /openapi.json                                                      public
GET     /openapi/openapi.json                                              public
GET     /openapi/{path}                                                    public
GET     /people                                                            people:read
GET     /people/new                                                        people:manage
POST    /people/new                                                        people:manage
GET     /people/{person_id}                                                people:read
POST    /people/{person_id}                                                people:manage
POST    /people/{person_id}/deactivate                                     people:manage
GET     /people/{person_id}/access                                         people:manage
POST    /people/{person_id}/factors/reset                                  factors:reset
POST    /people/{person_id}/password-link                                  people:manage
GET     /people/{person_id}/password                                       people:manage
POST    /people/{person_id}/password                                       people:manage
POST    /people/{person_id}/pin                                            people:manage
POST    /people/{person_id}/reactivate                                     people:manage
GET     /password/{token}                                                  public
POST    /password/{token}                                                  public
GET     /results                                                           results:read
GET     /results/benchmarks                                                results:read
POST    /results/benchmarks                                                organization:manage
POST    /results/benchmarks/{year}/remove                                  organization:manage
GET     /results/export                                                    results:read
GET     /results/imports                                                   imports:manage
POST    /results/imports                                                   imports:manage
GET     /results/imports/templates/{kind}                                  imports:manage
GET     /results/imports/{import_id}                                       imports:manage
POST    /results/imports/{import_id}                                       imports:manage
POST    /results/imports/{import_id}/commit                                imports:manage
POST    /results/imports/{import_id}/discard                               imports:manage
GET     /results/imports/{import_id}/problems                              imports:manage
POST    /results/imports/{import_id}/undo                                  imports:manage
GET     /results/{day}                                                     results:read
POST    /results/{day}                                                     results:write
GET     /roles                                                             roles:manage
POST    /roles                                                             roles:manage
POST    /roles/{role_id}                                                   roles:manage
GET     /settings                                                          organization:manage
POST    /settings                                                          organization:manage
POST    /settings/access                                                   organization:manage
POST    /settings/departments/{department_id}                              organization:manage
POST    /settings/locations/{location_id}                                  organization:manage
POST    /settings/locations/{location_id}/closures                         organization:manage
POST    /settings/locations/{location_id}/closures/{day}/remove            organization:manage
POST    /settings/locations/{location_id}/departments                      organization:manage
GET     /sign-in                                                           public
POST    /sign-in                                                           public
POST    /sign-out                                                          public
POST    /sign-in/passkey                                                   public
GET     /sign-in/second                                                    public
POST    /sign-in/second                                                    public
GET     /styleguide                                                        organization:read
GET     /sw.js                                                             public
GET     /tablet                                                            public
GET     /today                                                             scoreboard:read
GET     /verify                                                            logs:verify
POST    /verify/batches/{batch_id}/undo                                    logs:verify
POST    /verify/bulk                                                       logs:verify
GET     /verify/news                                                       logs:verify
POST    /verify/reject                                                     logs:verify
GET     /verify/{log_id}                                                   logs:verify
POST    /verify/{log_id}/reopen                                            logs:verify
GET     /verify/{log_id}/thumbnail                                         logs:verify
POST    /verify/{log_id}/verify                                            logs:verify
GET     /wall                                                              wall:show
GET     /wall/fragment                                                     wall:show
GET     /wall/{token}                                                      public
GET     /welcome                                                           public
POST    /welcome                                                           public
"""

#: Each actor is a column: the house's staff at a browser, at the tablet, its manager, the manager at the tablet, its
#: owner, a key of the manager, a key narrowed to `people:read`, the tablet and the display with nobody signed in.
MAY = """
                      staff  staff@tablet  manager  manager@tablet  owner  key  narrow_key  tablet  display
self:use              yes    yes           yes      yes             yes    yes  .           .       .
organization:read     .      .             yes      .               yes    yes  .           .       .
organization:manage   .      .             .        .               yes    .    .           .       .
people:read           .      .             yes      .               yes    yes  yes         .       .
people:manage         .      .             yes      .               yes    yes  .           .       .
roles:manage          .      .             .        .               yes    .    .           .       .
devices:manage        .      .             yes      .               yes    yes  .           .       .
keys:own              .      .             yes      .               yes    .    .           .       .
behaviors:read_own    yes    yes           yes      yes             yes    yes  .           .       .
behaviors:read        .      .             yes      .               yes    yes  .           .       .
behaviors:manage      .      .             .        .               yes    .    .           .       .
logs:create           yes    yes           yes      yes             yes    yes  .           .       .
logs:read_own         yes    yes           yes      yes             yes    yes  .           .       .
logs:read             .      .             yes      .               yes    yes  .           .       .
logs:verify           .      .             yes      .               yes    yes  .           .       .
results:read          .      .             yes      .               yes    yes  .           .       .
results:write         .      .             yes      .               yes    yes  .           .       .
imports:manage        .      .             yes      .               yes    yes  .           .       .
leaderboard:own       yes    yes           yes      yes             yes    yes  .           .       .
leaderboard:read      .      .             yes      .               yes    yes  .           .       .
scoreboard:read       .      .             yes      .               yes    yes  .           .       .
audit:read            .      .             .        .               yes    .    .           .       .
factors:reset         .      .             .        .               yes    .    .           .       .
tablet:use            .      yes           .        yes             .      .    .           yes     .
wall:show             .      .             yes      .               yes    yes  .           .       yes
"""


def declared() -> dict[str, str]:
    """`GET /api/users` → `people:read`."""
    rows = (line.split() for line in ROUTES.strip().splitlines())
    return {f"{method} {path}": permission for method, path, permission in rows}


def allowed() -> dict[str, set[str]]:
    """Actor → the permissions the table gives them."""
    head, *rows = (line.split() for line in MAY.strip().splitlines())
    return {
        actor: {row[0] for row in rows if row[number] == "yes"} for number, actor in enumerate(head, start=1)
    }

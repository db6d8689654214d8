/** Switches of a program or of one of its verbs: names in lower case without slash; `x*` stands for all that begin so, `f:xml` for one value. */
export type Switches = {
  readonly simulated?: string;
  /** What the real program has and the lab does not simulate. */
  readonly known?: string;
  /** Those whose value is the next argument. */
  readonly valued?: string;
};

/** What a program takes. What no row names is for the program itself to refuse, unless `wrong` says how. */
export type ProgramSyntax = {
  /** Without arguments it shows its help, or asks. */
  readonly needArguments?: boolean;
  /** Words (one to three) with which a call begins, without slash or dash, and what belongs to each. */
  readonly verbs?: Readonly<Record<string, Switches>>;
  readonly knownVerbs?: string;
  /** Verbs that need a name after them to be simulated. */
  readonly needName?: string;
  readonly switches?: Switches;
  /** Options are written `name=` instead of `/name`. */
  readonly hasEqualsOptions?: boolean;
  /** How the program refuses a switch that it does not know; `%` stands for the name. */
  readonly wrong?: { readonly code: number; readonly lines: readonly string[] };
};

const both = { known: 'reg:32', simulated: 'reg:64' };
const reg = (simulated: string, known = '', valued = ''): Switches => ({
  simulated: `${simulated} ${both.simulated}`,
  known: `${known} ${both.known}`,
  valued,
});

/** Syntax by the program's name in lower case, without ending. Sources: the programs' own help and their pages in Microsoft's documentation. */
// biome-ignore format: a table
export const syntaxTable: Readonly<Record<string, ProgramSyntax>> = {
  sc: {
    hasEqualsOptions: true, needName: 'query queryex',
    verbs: {
      query: { known: 'type state bufsize ri group' }, queryex: { known: 'type state bufsize ri group' },
      config: { simulated: 'start', known: 'type error binpath group tag depend obj displayname password', valued: 'start' },
      qc: {}, sdshow: {}, sdset: {}, delete: {}, start: {}, stop: {}, qtriggerinfo: {},
    },
    knownVerbs: 'boot continue control create description enumdepend failure failureflag getdisplayname getkeyname interrogate lock managedaccount pause preferrednode privs qdescription qfailure qfailureflag qmanagedaccount qpreferrednode qprivs qprotection qsidtype querylock quserservice showsid sidtype triggerinfo',
  },
  net: {
    needName: 'start stop',
    verbs: { start: {}, stop: { simulated: 'y yes' } },
    knownVerbs: 'accounts computer config continue file group help helpmsg localgroup name pause print send session share statistics time use user view',
  },
  reg: {
    verbs: {
      query: reg('v s ve', 'f t se k d c e z', 'v f t se'), add: reg('v ve t d s f', '', 'v t d s'), delete: reg('v ve va f', '', 'v'),
      export: reg('y'), save: reg('y'), import: reg(''), load: reg(''), unload: reg(''),
    },
    knownVerbs: 'compare copy flags restore',
  },
  dism: {
    switches: {
      simulated: 'add-package analyzecomponentstore checkhealth cleanup-image destination english export-driver filesize get-drivers get-imageinfo get-osuninstallwindow get-packages get-wiminfo imagefile index initiate-osuninstall limitaccess logpath norestart online packagename packagepath quiet remove-package resetbase restorehealth scanhealth source split-image startcomponentcleanup swmfile wimfile',
      known: '? add-capability add-driver add-provisionedappxpackage all append-image apply-customdataimage apply-ffu apply-image apply-unattend capabilityname capture-customimage capture-ffu capture-image cleanup-mountpoints cleanup-wim commit-image commit-wim defer delete-image disable-feature driver enable-feature export-defaultappassociations export-image featurename forceunsigned format gen-langini get-appinfo get-apppatches get-apps get-capabilities get-capabilityinfo get-currentedition get-defaultappassociations get-driverinfo get-featureinfo get-features get-intl get-mountedimageinfo get-mountedwiminfo get-nonremovableapppolicy get-packageinfo get-provisionedappxpackages get-reservedstoragestate get-targeteditions get-wimbootentry hidesp ignorecheck image import-defaultappassociations list-image loglevel mount-image mount-wim mountdir optimize-ffu optimize-image optimize-provisionedappxpackages preventpending recurse remount-image remove-capability remove-defaultappassociations remove-driver remove-osuninstall remove-provisionedappxpackage revertpendingactions scratchdir set-allintl set-edition set-inputlocale set-layereddriver set-nonremovableapppolicy set-osuninstallwindow set-productkey set-provisionedappxdatafile set-reservedstoragestate set-scratchspace set-skuintldefaults set-syslocale set-sysuilang set-targetpath set-timezone set-uilang set-uilangfallback set-userlocale split-ffu spsuperseded sysdrivedir unmount-image unmount-wim update-wimbootentry value windir',
    },
    wrong: { code: 87, lines: ['', 'Error: 87', '', 'The % option is unknown.', 'For more information, refer to the help by running DISM.exe /?.', '', 'The DISM log file can be found at C:\\Windows\\Logs\\DISM\\dism.log'] },
  },
  sfc: { verbs: { scannow: {}, verifyonly: {} }, knownVerbs: 'offbootdir offlogfile offwindir scanfile verifyfile' },
  wevtutil: {
    verbs: {
      el: {}, 'enum-logs': {}, gl: { known: 'f format' }, 'get-log': { known: 'f format' }, gli: { known: 'lf logfile' }, 'get-log-info': { known: 'lf logfile' },
      qe: { simulated: 'q query rd reversedirection c count f:xml format:xml', known: 'bm bookmark e element f format l locale lf logfile sbm savebookmark sq structuredquery uni unicode' },
      'query-events': { simulated: 'q query rd reversedirection c count f:xml format:xml', known: 'bm bookmark e element f format l locale lf logfile sbm savebookmark sq structuredquery uni unicode' },
      epl: { simulated: 'q query ow overwrite', known: 'lf logfile sq structuredquery' }, 'export-log': { simulated: 'q query ow overwrite', known: 'lf logfile sq structuredquery' },
    },
    wrong: { code: 87, lines: ['Invalid option %. Option is not supported.', 'The parameter is incorrect.'] },
    knownVerbs: 'al archive-log cl clear-log ep enum-publishers gp get-publisher im install-manifest sl set-log um uninstall-manifest',
  },
  fsutil: {
    verbs: { 'dirty query': {}, 'dirty set': {}, 'volume diskfree': {}, 'fsinfo drives': {}, 'hardlink create': {}, 'hardlink list': {} },
    knownVerbs: '8dot3name behavior bypassio clfs dax devdrv file fsinfo fstrim hardlink objectid quota repair reparsepoint resource sparse storagereserve tiering trace transaction usn volume wim',
  },
  vssadmin: {
    verbs: {
      'list writers': {}, 'list providers': {}, 'list shadows': { known: 'for shadow set' }, 'list shadowstorage': { known: 'for on' },
      'resize shadowstorage': { simulated: 'for on maxsize' }, 'create shadow': { simulated: 'for', known: 'autoretry' },
      'delete shadows': { simulated: 'all oldest quiet shadow', known: 'for' },
    },
    knownVerbs: 'add delete list query revert',
    wrong: { code: 2, lines: ['Error: Invalid option value.'] },
  },
  'manage-bde': {
    verbs: { status: { simulated: 'protectionaserrorlevel p', known: 'computername cn' }, protectors: { simulated: 'get disable enable adbackup rebootcount rc id', known: 'aadbackup add computername cn delete type t' } },
    knownVerbs: 'autounlock changekey changepassword changepin forcerecovery keypackage lock off on pause resume setidentifier unlock upgrade wipefreespace',
  },
  powercfg: {
    verbs: { h: { known: 'size type' }, hibernate: { known: 'size type' }, a: {}, availablesleepstates: {} },
    knownVerbs: 'aliases batteryreport change changename d delete deletesetting devicedisablewake deviceenablewake devicequery duplicatescheme energy export getactivescheme getsecuritydescriptor import l lastwake list overlaysetactive powerthrottling provisioningxml q query requests requestsoverride s setactive setacvalueindex setdcvalueindex setsecuritydescriptor sleepstudy srumutil systempowerreport systemsleepdiagnostics waketimers x',
  },
  w32tm: {
    verbs: {
      resync: { simulated: 'nowait rediscover force', known: 'computer soft' }, config: { simulated: 'manualpeerlist syncfromflags update reliable', known: 'computer largephaseoffset localclockdispersion' },
      query: { simulated: 'source peers status', known: 'computer configuration verbose' },
    },
    knownVerbs: 'debug dumpreg leapseconds monitor ntpte ntte ptp_monitor register stripchart tz unregister',
    wrong: { code: 0x80070057, lines: ['The following arguments were unexpected:', ' %'] },
  },
  shutdown: {
    switches: { simulated: 'a c d f r s t', known: '? e fw g h hybrid i l m o p sg', valued: 't c d m' },
    wrong: { code: 1, lines: ['Usage: shutdown [/i | /l | /s | /sg | /r | /g | /a | /p | /h | /e | /o] [/hybrid] [/soft] [/fw] [/f]'] },
  },
  ipconfig: { verbs: { all: {}, flushdns: {}, displaydns: {} }, knownVerbs: '*' },
  nslookup: { needArguments: true, switches: { known: '*' } },
  netsh: { needArguments: true, verbs: { 'winhttp show proxy': {}, 'winhttp set proxy': {}, 'winhttp reset proxy': {}, 'winhttp import proxy': {}, 'http flush logbuffer': {} }, knownVerbs: '*' },
  gpupdate: { switches: { simulated: 'target force wait', known: 'boot logoff sync' } },
  gpresult: { switches: { simulated: 'f r scope x', known: 'h s u p user v z', valued: 'scope x' } },
  usoclient: { verbs: { startscan: {}, startinteractivescan: {}, scaninstallwait: {} }, knownVerbs: 'refreshsettings restartdevice resumeupdate startdownload startinstall' },
  bitsadmin: { needArguments: true, verbs: { list: { simulated: 'allusers verbose' }, reset: { simulated: 'allusers' }, cancel: {} }, knownVerbs: '*' },
  wsusutil: { verbs: { checkhealth: {}, postinstall: {}, reset: {} }, knownVerbs: 'configuressl deleteunneededrevisions export healthmonitoring import listfrontendservers listinactiveapprovals listunneededrevisions movecontent removeinactiveapprovals usecustomwebsite' },
  whoami: { verbs: { user: { known: 'fo groups nh priv' }, groups: { simulated: 'fo nh', known: 'priv user', valued: 'fo' } }, knownVerbs: 'all claims fo fqdn logonid nh priv upn' },
  takeown: {
    switches: { simulated: 'a d f r', known: 'p s skipsl u', valued: 'd f' },
    wrong: { code: 1, lines: ["ERROR: Invalid argument/option - '/%'.", 'Type "TAKEOWN /?" for usage.'] },
  },
  fltmc: { verbs: { filters: {}, instances: {}, load: {}, unload: {} }, knownVerbs: 'altitude attach detach volumes' },
  iisreset: { switches: { simulated: 'noforce restart start status stop timeout', known: 'disable enable reboot rebootonerror' } },
  attrib: { switches: { simulated: 'd s + -*', known: 'l' } },
  icacls: { switches: { simulated: 'c deny grant inheritance l q remove reset restore save setowner t', known: '? findsid setintegritylevel substitute verify', valued: 'save restore setowner' } },
  chkdsk: {
    switches: { simulated: 'f r scan spotfix x y', known: '? b c forceofflinefix freeorphanedchains i l markclean offlinescanandfix perf sdcleanup v' },
    wrong: { code: 3, lines: ['Invalid parameter - /%'] },
  },
  bcdedit: {
    verbs: { enum: {}, set: {}, deletevalue: {}, timeout: {}, export: {}, import: { known: 'clean' } },
    knownVerbs: '? bootdebug bootems bootevent bootsequence copy create createstore dbgsettings debug default delete displayorder ems emssettings event eventsettings hypervisorsettings mirror store sysstore toolsdisplayorder v',
  },
  reagentc: { verbs: { info: {}, enable: {}, disable: {} }, knownVerbs: '? boottore setbootshelllink setosimage setreimage' },
  pnputil: { knownVerbs: '? enum-classes enum-containers enum-devicetrees enum-interfaces' },
  msiexec: { switches: { simulated: 'i l* norestart package passive q* quiet uninstall x', known: '? a f* forcerestart g j* log n p promptrestart t update y z', valued: 'i l* package uninstall x' } },
  wusa: {
    switches: { simulated: 'kb norestart quiet uninstall', known: '? extract forcerestart help log promptrestart warnrestart' },
  },
  wbadmin: {
    verbs: { 'get versions': {}, 'get items': {}, 'start backup': {}, 'start systemstatebackup': {}, 'start recovery': {} },
    knownVerbs: 'delete disable enable get restore start stop',
  },
  ping: { switches: { simulated: 'n w l', known: '? 4 6 a c f i j k p r s t v', valued: 'n w l' }, wrong: { code: 1, lines: ['Bad option -%.'] } },
};

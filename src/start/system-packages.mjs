// System packages: the servers and the browser that a verb runs as its own children.
// In: names of tools. Out: the names that are still missing; how to install those is said.
// Touches: the path, and on Debian and Ubuntu apt.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const TOOLS = {
  redis: {
    commands: ['redis-server', 'valkey-server'],
    debian: 'redis-server',
    elsewhere: { brew: 'redis', dnf: 'valkey', apk: 'redis', pacman: 'valkey' },
    otherwise: 'or set REDIS_URL to a Redis 7 or newer',
    without: 'nothing runs without it',
  },
  influx: {
    commands: ['influxd'],
    debian: 'influxdb',
    elsewhere: { brew: 'influxdb@1' },
    otherwise: 'InfluxDB 1.x (https://docs.influxdata.com/influxdb/v1/introduction/install/), or set INFLUX_URL',
    without: 'going on without it: history stays in the journal until one appears',
  },
  chromium: {
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    debian: 'chromium',
    elsewhere: { dnf: 'chromium', apk: 'chromium', pacman: 'chromium' },
    otherwise: 'any Chromium at /usr/bin/chromium',
    without: 'going on without it: tests of the page will fail',
  },
};
const INSTALL = { brew: 'brew install', dnf: 'sudo dnf install', apk: 'apk add', pacman: 'sudo pacman -S' };
/** Where servers live that are not on an ordinary user's path. */
const SERVER_PATHS = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/opt/homebrew/bin', '/opt/homebrew/sbin'];

function onPath(command) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SERVER_PATHS];
  return folders.some(folder => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const absent = tools => tools.filter(tool => !TOOLS[tool].commands.some(onPath));

function isDebian() {
  if (!onPath('apt-get')) return false;
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** What stands before a command to run it as root; null when that would need a password. */
function asRoot() {
  if (process.getuid?.() === 0) return [];
  const sudo = onPath('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  return sudo ? ['sudo', '-n'] : null;
}

/** RUNLEVEL=1 keeps the packages' own scripts from starting their services. */
function apt(root, args) {
  const line = [...root, 'env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1', 'apt-get', '-qq', ...args];
  const done = spawnSync(line[0], line.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  return { ok: done.status === 0, said: `${done.stdout ?? ''}${done.stderr ?? ''}`.trim() };
}

function aptHasLists() {
  try {
    return readdirSync('/var/lib/apt/lists').some(name => name.includes('_Packages'));
  } catch {
    return false;
  }
}

function installByApt(root, tools, say) {
  const packages = tools.map(tool => TOOLS[tool].debian);
  // Another apt at work (a fresh machine's updates) is waited for, at most two minutes.
  const install = () =>
    apt(root, ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', ...packages]);
  say(`Installing ${packages.join(', ')} (apt-get) …`);
  let done = aptHasLists() ? install() : { ok: false, said: '' };
  if (!done.ok) {
    apt(root, ['update']);
    done = install();
  }
  if (!done.ok) say(`apt-get could not install ${packages.join(', ')}:\n${done.said.split('\n').slice(-5).join('\n')}`);
}

function sayServices(tools, say) {
  if (!existsSync('/run/systemd/system')) return;
  const services = tools.filter(tool => tool !== 'chromium').map(tool => TOOLS[tool].debian);
  if (services.length === 0) return;
  say(`The packaged services are not used and can be switched off: sudo systemctl disable --now ${services.join(' ')}`);
}

function remedyOf(tool, debian) {
  const { debian: name, elsewhere, otherwise } = TOOLS[tool];
  if (debian) return `sudo apt-get install -y --no-install-recommends ${name}; ${otherwise}`;
  const managers = Object.keys(elsewhere);
  const here = managers.filter(onPath);
  const lines = (here.length > 0 ? here : managers).map(manager => `${INSTALL[manager]} ${elsewhere[manager]}`);
  return [...lines, otherwise].join('; ');
}

/** Installs what it may; says exactly what to do about the rest. */
export function ensureSystemPackages({ tools, say }) {
  const wanted = absent(tools);
  if (wanted.length === 0) return [];
  const debian = isDebian();
  const root = debian ? asRoot() : null;
  if (root !== null) {
    installByApt(root, wanted, say);
    // One package that this release does not have must not keep the others away.
    if (wanted.length > 1) for (const tool of absent(wanted)) installByApt(root, [tool], say);
  }
  const missing = absent(wanted);
  const installed = wanted.filter(tool => !missing.includes(tool));
  if (installed.length > 0) sayServices(installed, say);
  for (const tool of missing) {
    say(`Missing: ${TOOLS[tool].commands[0]}. Install it: ${remedyOf(tool, debian)}. (${TOOLS[tool].without})`);
  }
  return missing;
}

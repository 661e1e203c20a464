import { Activity, Cable, CircleUser, LogOut, ShieldCheck } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { LiveSign } from './controls/live-sign.tsx';
import { Menu } from './controls/menu.tsx';
import { ThemeSwitch } from './controls/theme-switch.tsx';
import { usePage } from './state/page-context.tsx';

const places = [
  { href: '/', words: 'Connections', short: 'Connections', icon: Cable, under: ['/connections/', '/create'] },
  { href: '/flows', words: 'Data flows', short: 'Data flows', icon: Activity, under: [] },
  {
    href: '/permissions',
    words: 'Roles and groups',
    short: 'Permissions',
    icon: ShieldCheck,
    under: ['/permissions/'],
  },
] as const;

/** What is around every screen: where one can go, who one is, and whether what is shown is live. */
export function Shell({ children }: { readonly children: ReactNode }): JSX.Element {
  const [path] = useLocation();
  const here = places.find(({ href, under }) => path === href || under.some((start) => path.startsWith(start)))?.href;
  return (
    <div className="min-h-dvh pb-20 md:pb-10">
      <a href="#screen" className="skip-link btn btn-primary btn-sm">
        Skip to the content
      </a>
      <header className="sticky top-0 z-30 border-b border-base-300 bg-base-100/95 backdrop-blur">
        <div className="mx-auto flex h-14 max-w-6xl items-center gap-2 px-4">
          <Link href="/" className="flex items-center gap-2.5 rounded-field font-semibold tracking-tight">
            <span className="brand-mark size-7">
              <Cable size={16} aria-hidden />
            </span>
            <span className="sr-only">Connections</span>
          </Link>
          <nav aria-label="Main" className="ml-2 hidden gap-1 md:flex">
            {places.map(({ href, words }) => (
              <Link key={href} href={href} aria-current={href === here ? 'page' : undefined} className="main-link">
                {words}
              </Link>
            ))}
          </nav>
          <div className="ml-auto flex items-center gap-1">
            <LiveSign />
            <ThemeSwitch />
            <UserMenu />
          </div>
        </div>
      </header>
      <main id="screen" className="mx-auto max-w-6xl px-4 pt-6">
        {children}
      </main>
      <nav aria-label="Main, small" className="dock dock-sm z-30 border-t border-base-300 bg-base-100 md:hidden">
        {places.map(({ href, short, icon: Icon }) => (
          <Link
            key={href}
            href={href}
            aria-current={href === here ? 'page' : undefined}
            className={href === here ? 'dock-active text-primary' : ''}
          >
            <Icon size={19} aria-hidden />
            <span className="dock-label">{short}</span>
          </Link>
        ))}
      </nav>
    </div>
  );
}

const modes = {
  token: 'Signed in with a token',
  proxy: 'Signed in by your proxy',
  kubeconfig: 'With the kubeconfig of this program',
} as const;

function UserMenu(): JSX.Element {
  const { session, signOut } = usePage();
  return (
    <Menu label={`Signed in as ${session.user}`} sign={<CircleUser size={18} aria-hidden />} className="btn-ghost">
      <div className="dropdown-content panel z-40 mt-2 w-72 p-4 text-sm shadow-lg">
        <p className="font-medium break-all">{session.user}</p>
        <p className="mt-0.5 text-xs text-muted">
          {modes[session.mode]}
          {session.mode === 'kubeconfig'
            ? ''
            : `, until ${new Date(session.expires).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })} at the latest`}
        </p>
        {session.groups.length > 0 && (
          <p className="mt-2 text-xs break-words text-muted">Groups: {session.groups.join(', ')}</p>
        )}
        {session.mode === 'token' && (
          <button type="button" className="btn btn-sm mt-3 w-full" onClick={signOut}>
            <LogOut size={14} aria-hidden /> Sign out
          </button>
        )}
      </div>
    </Menu>
  );
}

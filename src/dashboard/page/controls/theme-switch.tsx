import { Monitor, Moon, Sun } from 'lucide-react';
import type { JSX } from 'react';
import { useState } from 'react';

/** `system`: as the device says, and changing with it. */
export type Theme = 'system' | 'light' | 'dark';

const storageKey = 'connections.theme';
const order: readonly Theme[] = ['system', 'light', 'dark'];
const icons = { system: Monitor, light: Sun, dark: Moon } as const;
const words: Readonly<Record<Theme, string>> = { system: 'as the system', light: 'light', dark: 'dark' };

export function readTheme(): Theme {
  try {
    return order.find((theme) => theme === localStorage.getItem(storageKey)) ?? 'system';
  } catch {
    // Storage is switched off.
    return 'system';
  }
}

/** Shows the page in this theme and remembers it. Whoever draws by itself hears of it by the event `themechange`. */
export function applyTheme(theme: Theme): void {
  const page = document.documentElement;
  if (theme === 'system') delete page.dataset.theme;
  else page.dataset.theme = theme;
  try {
    localStorage.setItem(storageKey, theme);
  } catch {
    // Storage is switched off: it holds until the page is left.
  }
  window.dispatchEvent(new Event('themechange'));
}

/** One button that goes through system, light and dark. */
export function ThemeSwitch(): JSX.Element {
  const [theme, setTheme] = useState(readTheme);
  const Icon = icons[theme];
  const next = order[(order.indexOf(theme) + 1) % order.length] ?? 'system';
  const label = `Theme: ${words[theme]}. Switch to ${words[next]}`;
  return (
    <button
      type="button"
      className="btn btn-ghost btn-square btn-sm"
      aria-label={label}
      title={label}
      onClick={() => {
        applyTheme(next);
        setTheme(next);
      }}
    >
      <Icon size={17} aria-hidden />
    </button>
  );
}

import type { JSX, ReactNode } from 'react';
import { useEffect, useRef } from 'react';

interface MenuProps {
  /** What its sign means. */
  readonly label: string;
  readonly sign: ReactNode;
  /** Of the button, beside those that every menu has. */
  readonly className?: string;
  /** What opens below it; has the class `dropdown-content`. */
  readonly children: ReactNode;
}

/** A sign that opens a few more things. Escape, a click elsewhere, and a button in it that was pressed close it. */
export function Menu({ label, sign, className = '', children }: MenuProps): JSX.Element {
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    function closeByClick({ target }: MouseEvent): void {
      const element = menu.current;
      if (element?.open !== true || !(target instanceof Element)) return;
      const isInside = element.contains(target) && target.closest('button') === null;
      if (!isInside) element.open = false;
    }
    function closeByKey({ key }: KeyboardEvent): void {
      const element = menu.current;
      if (key !== 'Escape' || element?.open !== true) return;
      element.open = false;
      element.querySelector('summary')?.focus();
    }
    document.addEventListener('click', closeByClick);
    document.addEventListener('keydown', closeByKey);
    return () => {
      document.removeEventListener('click', closeByClick);
      document.removeEventListener('keydown', closeByKey);
    };
  }, []);
  return (
    <details ref={menu} className="dropdown dropdown-end">
      <summary className={`btn btn-square btn-sm ${className}`} aria-label={label} title={label}>
        {sign}
      </summary>
      {children}
    </details>
  );
}

import { Check } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { createContext, useCallback, useContext, useEffect, useState } from 'react';

const shownFor = 4000;
const context = createContext<(words: string) => void>(() => undefined);

/** Says that something was done: a few words at the edge of the page, read out, gone after a while. */
export function useToast(): (words: string) => void {
  return useContext(context);
}

export function ToastProvider({ children }: { readonly children: ReactNode }): JSX.Element {
  const [said, setSaid] = useState<{ readonly words: string }>();
  const say = useCallback((words: string) => setSaid({ words }), []);
  useEffect(() => {
    if (said === undefined) return undefined;
    const timer = setTimeout(() => setSaid(undefined), shownFor);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <context.Provider value={say}>
      {children}
      <div role="status" className="pointer-events-none fixed inset-x-0 bottom-20 z-50 flex justify-center md:bottom-6">
        {said !== undefined && (
          <p className="flex items-center gap-2 rounded-full bg-neutral px-4 py-2 text-sm text-neutral-content shadow-lg">
            <Check size={15} aria-hidden />
            {said.words}
          </p>
        )}
      </div>
    </context.Provider>
  );
}

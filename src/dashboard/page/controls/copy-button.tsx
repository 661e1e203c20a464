import { Check, Copy } from 'lucide-react';
import type { JSX } from 'react';
import { useEffect, useState } from 'react';
import { useToast } from './toast.tsx';

interface CopyButtonProps {
  readonly text: string;
  /** What it is, as in `client id`. */
  readonly what: string;
}

/** Puts a text on the clipboard and says so. Where the browser has none (plain http), it says to select it. */
export function CopyButton({ text, what }: CopyButtonProps): JSX.Element {
  const say = useToast();
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setIsCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [isCopied]);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setIsCopied(true);
      say(`Copied the ${what}`);
    } catch {
      say(`This browser lets no page copy: select the ${what} and copy it by hand`);
    }
  }
  return (
    <button
      type="button"
      className="btn btn-ghost btn-square btn-xs shrink-0"
      aria-label={`Copy the ${what}`}
      title={`Copy the ${what}`}
      onClick={() => void copy()}
    >
      {isCopied ? <Check size={14} aria-hidden className="text-success" /> : <Copy size={14} aria-hidden />}
    </button>
  );
}

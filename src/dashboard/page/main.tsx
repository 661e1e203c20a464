import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { applyTheme, readTheme } from './controls/theme-switch.tsx';
import { ToastProvider } from './controls/toast.tsx';
import { enterByCode } from './sign-in/enter-by-code.ts';

applyTheme(readTheme());
await enterByCode();
const queries = new QueryClient({ defaultOptions: { queries: { refetchOnWindowFocus: false, retry: 1 } } });
const place = document.getElementById('page');
if (place !== null) {
  createRoot(place).render(
    <QueryClientProvider client={queries}>
      <ToastProvider>
        <App />
      </ToastProvider>
    </QueryClientProvider>,
  );
}

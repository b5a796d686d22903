import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiProblem } from "./api/request.ts";
import { ToastProvider } from "./controls/toasts.tsx";
import { LiveProvider } from "./live/live-provider.tsx";
import { startPreferences } from "./settings/preferences.ts";
import { Shell } from "./shell/shell.tsx";
import "./theme/main.css";

startPreferences();

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // The stream says when something is old.
      staleTime: 5_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && error instanceof ApiProblem && error.mayPass && error.status !== 0,
    },
  },
});

const root = document.getElementById("root");
if (!root) throw new Error("The page has no place for itself.");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <LiveProvider>
        <ToastProvider>
          <Shell />
        </ToastProvider>
      </LiveProvider>
    </QueryClientProvider>
  </StrictMode>,
);

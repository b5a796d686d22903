import type { ReactElement } from "react";
import { zoneOf } from "../format/times.ts";
import { AboutPanel } from "./about-panel.tsx";
import { AccessPanel } from "./access-panel.tsx";
import { LimitsPanel } from "./limits-panel.tsx";
import { Panel } from "./panel.tsx";
import { usePreferences, type Preferences } from "./preferences.ts";
import { RetentionPanel } from "./retention-panel.tsx";
import { StoragePanel } from "./storage-panel.tsx";

/** What one likes, who one is here, and how this dashboard was set up. */
export function SettingsPage(): ReactElement {
  return (
    <div className="grid items-start gap-4 xl:grid-cols-2">
      <h1 className="sr-only">Settings</h1>
      <div className="grid gap-4">
        <Appearance />
        <StoragePanel />
        <RetentionPanel />
      </div>
      <div className="grid gap-4">
        <AccessPanel />
        <LimitsPanel />
        <AboutPanel />
      </div>
    </div>
  );
}

function Appearance(): ReactElement {
  const [{ theme, density, zone, letterKeys }, change] = usePreferences();
  return (
    <Panel title="Appearance">
      <Choice
        name="Theme"
        chosen={theme}
        choices={{ system: "As the system", light: "Light", dark: "Dark" }}
        onChoose={(value) => change({ theme: value as Preferences["theme"] })}
      />
      <Choice
        name="Rows"
        chosen={density}
        choices={{ compact: "Compact", default: "Usual", relaxed: "Relaxed" }}
        onChoose={(value) => change({ density: value as Preferences["density"] })}
      />
      <Choice
        name="Times"
        chosen={zone === "UTC" ? "UTC" : "local"}
        choices={{ local: `Yours (${zoneOf("local")})`, UTC: "UTC" }}
        onChoose={(value) => change({ zone: value })}
      />
      <Choice
        name="Single keys"
        chosen={letterKeys ? "on" : "off"}
        choices={{ on: "On", off: "Off" }}
        onChoose={(value) => change({ letterKeys: value === "on" })}
      />
      <p className="text-text-2">Kept in this browser.</p>
    </Panel>
  );
}

function Choice({
  name,
  chosen,
  choices,
  onChoose,
}: {
  readonly name: string;
  readonly chosen: string;
  readonly choices: Readonly<Record<string, string>>;
  readonly onChoose: (value: string) => void;
}): ReactElement {
  return (
    <fieldset className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <legend className="float-left w-28 text-text-2">{name}</legend>
      {Object.entries(choices).map(([value, label]) => (
        <label key={value} className="flex min-h-7 items-center gap-1.5">
          <input
            type="radio"
            className="size-4 accent-(--accent)"
            name={name}
            value={value}
            checked={value === chosen}
            onChange={() => onChoose(value)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

// A short high tone for "yes", a long low one for "stop", each with its own shake: for eyes that are on the box.
let player: AudioContext | undefined;

function tone(hertz: number, from_s: number, length_s: number, shape: OscillatorType): void {
  try {
    player ??= new AudioContext();
    void player.resume();
    const source = player.createOscillator();
    const volume = player.createGain();
    source.type = shape;
    source.frequency.value = hertz;
    volume.gain.value = 0.25;
    source.connect(volume).connect(player.destination);
    source.start(player.currentTime + from_s);
    source.stop(player.currentTime + from_s + length_s);
  } catch {
    // A phone without sound still shakes and shows.
  }
}

export function yes(): void {
  tone(1320, 0, 0.09, "sine");
  navigator.vibrate?.(60);
}

export function whole(): void {
  [880, 1100, 1320].forEach((hertz, place) => tone(hertz, place * 0.12, 0.11, "sine"));
  navigator.vibrate?.([60, 60, 60, 60, 120]);
}

export function stop(): void {
  tone(200, 0, 0.35, "square");
  tone(160, 0.42, 0.5, "square");
  navigator.vibrate?.([300, 120, 300, 120, 300]);
}

<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Pentimento</source>
        <translation>Über Pentimento</translation>
    </message>
    <message>
        <source>A photo editor whose exports carry their own originals.
Pentimento: in painting, the earlier picture that lives on under the visible one.</source>
        <translation>Ein Fotoeditor, dessen Exporte ihr eigenes Original in sich tragen.
Pentimento: in der Malerei das frühere Bild, das unter dem sichtbaren weiterlebt.</translation>
    </message>
    <message>
        <source>asking…</source>
        <translation>wird ermittelt …</translation>
    </message>
    <message>
        <source>Networks run on</source>
        <translation>Netze rechnen auf</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>MIT licence. Icons: Lucide (ISC licence).
Method: Ouyang, Wang and Chen, Restorable Image Operators with Quasi-Invertible Networks, AAAI 2022.</source>
        <translation>MIT-Lizenz. Symbole: Lucide (ISC-Lizenz).
Verfahren: Ouyang, Wang und Chen, Restorable Image Operators with Quasi-Invertible Networks, AAAI 2022.</translation>
    </message>
</context>
<context>
    <name>ActionSet</name>
    <message>
        <source>&amp;Save original…</source>
        <translation>Original &amp;sichern …</translation>
    </message>
    <message>
        <source>&amp;Undo {what}</source>
        <translation>&amp;Rückgängig: {what}</translation>
    </message>
    <message>
        <source>&amp;Redo {what}</source>
        <translation>&amp;Wiederholen: {what}</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Crop</source>
        <translation>&amp;Zuschnitt</translation>
    </message>
    <message>
        <source>&amp;Mask</source>
        <translation>&amp;Maske</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>&amp;Öffnen …</translation>
    </message>
    <message>
        <source>Open a photo</source>
        <translation>Foto öffnen</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren …</translation>
    </message>
    <message>
        <source>Export an ordinary picture that carries its own original</source>
        <translation>Ein gewöhnliches Bild exportieren, das sein eigenes Original in sich trägt</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Sichern</translation>
    </message>
    <message>
        <source>Save a restored original, or export an edited photo</source>
        <translation>Wiederhergestelltes Original sichern oder bearbeitetes Foto exportieren</translation>
    </message>
    <message>
        <source>&amp;Restore original</source>
        <translation>Original &amp;wiederherstellen</translation>
    </message>
    <message>
        <source>Give back the original photo that this export carries</source>
        <translation>Das Originalfoto zurückholen, das dieser Export in sich trägt</translation>
    </message>
    <message>
        <source>Re-e&amp;dit</source>
        <translation>Weiter&amp;bearbeiten</translation>
    </message>
    <message>
        <source>The original with its edit list back on top</source>
        <translation>Das Original, mit seinen Bearbeitungen wieder darüber</translation>
    </message>
    <message>
        <source>&amp;Close photo</source>
        <translation>Foto s&amp;chließen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Copy picture</source>
        <translation>Bild &amp;kopieren</translation>
    </message>
    <message>
        <source>Copy the picture as it looks now</source>
        <translation>Das Bild so kopieren, wie es jetzt aussieht</translation>
    </message>
    <message>
        <source>&amp;Paste picture</source>
        <translation>Bild &amp;einfügen</translation>
    </message>
    <message>
        <source>Copy edi&amp;ts</source>
        <translation>Bearbeitungen k&amp;opieren</translation>
    </message>
    <message>
        <source>Copy all edits with their masks, to be pasted on another photo</source>
        <translation>Alle Bearbeitungen mit ihren Masken kopieren, um sie auf ein anderes Foto zu übertragen</translation>
    </message>
    <message>
        <source>Paste edit&amp;s</source>
        <translation>B&amp;earbeitungen einfügen</translation>
    </message>
    <message>
        <source>Put the edits of the clipboard in place of those there are</source>
        <translation>Die vorhandenen Bearbeitungen durch die der Zwischenablage ersetzen</translation>
    </message>
    <message>
        <source>&amp;Delete edit</source>
        <translation>Bearbeitung &amp;löschen</translation>
    </message>
    <message>
        <source>&amp;Switch edit on or off</source>
        <translation>Bearbeitung &amp;ein- oder ausschalten</translation>
    </message>
    <message>
        <source>Apply &amp;earlier</source>
        <translation>&amp;Früher anwenden</translation>
    </message>
    <message>
        <source>Apply &amp;later</source>
        <translation>&amp;Später anwenden</translation>
    </message>
    <message>
        <source>Select &amp;next edit</source>
        <translation>&amp;Nächste Bearbeitung wählen</translation>
    </message>
    <message>
        <source>Select pre&amp;vious edit</source>
        <translation>&amp;Vorige Bearbeitung wählen</translation>
    </message>
    <message>
        <source>Bri&amp;ghter by 0.1 EV</source>
        <translation>&amp;Heller um 0,1 EV</translation>
    </message>
    <message>
        <source>Dar&amp;ker by 0.1 EV</source>
        <translation>&amp;Dunkler um 0,1 EV</translation>
    </message>
    <message>
        <source>Remove &amp;all edits</source>
        <translation>&amp;Alle Bearbeitungen entfernen</translation>
    </message>
    <message>
        <source>Prefere&amp;nces…</source>
        <translation>E&amp;instellungen …</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>Ver&amp;größern</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>Ein&amp;passen</translation>
    </message>
    <message>
        <source>Show the whole photo</source>
        <translation>Das ganze Foto zeigen</translation>
    </message>
    <message>
        <source>&amp;100 %</source>
        <translation>&amp;100 %</translation>
    </message>
    <message>
        <source>One pixel of the photo on one of the screen</source>
        <translation>Ein Pixel des Fotos auf einem des Bildschirms</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>&amp;Vergleichen</translation>
    </message>
    <message>
        <source>Before and after, side by side: drag the bar</source>
        <translation>Vorher und nachher nebeneinander: den Balken ziehen</translation>
    </message>
    <message>
        <source>Mark clipp&amp;ing</source>
        <translation>&amp;Beschnittenes markieren</translation>
    </message>
    <message>
        <source>Mark what is clipped: by the edits red and blue, in the photo magenta and violet</source>
        <translation>Beschnittenes markieren: durch Bearbeitungen rot und blau, im Foto magenta und violett</translation>
    </message>
    <message>
        <source>Show c&amp;hanges since the export</source>
        <translation>&amp;Änderungen seit dem Export zeigen</translation>
    </message>
    <message>
        <source>Show where this export was changed since, and how far its original can be trusted</source>
        <translation>Zeigen, wo dieser Export seither verändert wurde und wie weit seinem Original zu trauen ist</translation>
    </message>
    <message>
        <source>Side &amp;panels</source>
        <translation>&amp;Seitenleisten</translation>
    </message>
    <message>
        <source>H&amp;istory</source>
        <translation>Ver&amp;lauf der Schritte</translation>
    </message>
    <message>
        <source>Show the steps that were done; a click goes to one</source>
        <translation>Die Schritte zeigen; ein Klick geht zu einem</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>&amp;Vollbild</translation>
    </message>
    <message>
        <source>&amp;Crop and straighten</source>
        <translation>&amp;Zuschneiden und ausrichten</translation>
    </message>
    <message>
        <source>Crop and straighten the photo</source>
        <translation>Das Foto zuschneiden und gerade ausrichten</translation>
    </message>
    <message>
        <source>Turn &amp;left</source>
        <translation>Nach &amp;links drehen</translation>
    </message>
    <message>
        <source>Turn &amp;right</source>
        <translation>Nach &amp;rechts drehen</translation>
    </message>
    <message>
        <source>&amp;Mirror left and right</source>
        <translation>&amp;Links und rechts spiegeln</translation>
    </message>
    <message>
        <source>Mirror &amp;top and bottom</source>
        <translation>&amp;Oben und unten spiegeln</translation>
    </message>
    <message>
        <source>&amp;Retouch brush</source>
        <translation>&amp;Retuschepinsel</translation>
    </message>
    <message>
        <source>Paint over skin to smooth it</source>
        <translation>Über Haut malen, um sie zu glätten</translation>
    </message>
    <message>
        <source>&amp;Paint a mask</source>
        <translation>Maske &amp;malen</translation>
    </message>
    <message>
        <source>Paint where the selected edit acts</source>
        <translation>Malen, wo die gewählte Bearbeitung wirkt</translation>
    </message>
    <message>
        <source>Li&amp;near gradient</source>
        <translation>&amp;Linearer Verlauf</translation>
    </message>
    <message>
        <source>Let the selected edit fade from one side to the other</source>
        <translation>Die gewählte Bearbeitung von einer Seite zur anderen auslaufen lassen</translation>
    </message>
    <message>
        <source>Ra&amp;dial gradient</source>
        <translation>Ra&amp;dialer Verlauf</translation>
    </message>
    <message>
        <source>Let the selected edit act in an ellipse</source>
        <translation>Die gewählte Bearbeitung in einer Ellipse wirken lassen</translation>
    </message>
    <message>
        <source>&amp;Invert the mask</source>
        <translation>Maske &amp;umkehren</translation>
    </message>
    <message>
        <source>The edit acts where it did not</source>
        <translation>Die Bearbeitung wirkt, wo sie nicht wirkte</translation>
    </message>
    <message>
        <source>&amp;Smaller</source>
        <translation>&amp;Kleiner</translation>
    </message>
    <message>
        <source>&amp;Larger</source>
        <translation>&amp;Größer</translation>
    </message>
    <message>
        <source>&amp;Harder edge</source>
        <translation>&amp;Härterer Rand</translation>
    </message>
    <message>
        <source>S&amp;ofter edge</source>
        <translation>&amp;Weicherer Rand</translation>
    </message>
    <message>
        <source>&amp;Erase</source>
        <translation>R&amp;adieren</translation>
    </message>
    <message>
        <source>O&amp;verlay</source>
        <translation>Maske &amp;zeigen</translation>
    </message>
    <message>
        <source>Stay on s&amp;kin</source>
        <translation>Auf der &amp;Haut bleiben</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>Open the &amp;sample photo</source>
        <translation>&amp;Beispielfoto öffnen</translation>
    </message>
    <message>
        <source>&amp;About Pentimento</source>
        <translation>&amp;Über Pentimento</translation>
    </message>
    <message>
        <source>Brush strength</source>
        <translation>Pinselstärke</translation>
    </message>
    <message>
        <source>Hold \</source>
        <translation>\ halten</translation>
    </message>
    <message>
        <source>Show the photo before the edits</source>
        <translation>Das Foto vor den Bearbeitungen zeigen</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>Mausrad</translation>
    </message>
    <message>
        <source>Zoom at the cursor</source>
        <translation>Am Mauszeiger zoomen</translation>
    </message>
    <message>
        <source>Space or middle button, drag</source>
        <translation>Leertaste oder mittlere Taste, ziehen</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>Verschieben</translation>
    </message>
    <message>
        <source>Double-click</source>
        <translation>Doppelklick</translation>
    </message>
    <message>
        <source>Between fit and 100 %; on a slider: reset</source>
        <translation>Einpassen oder 100 %; auf einem Regler: zurücksetzen</translation>
    </message>
    <message>
        <source>Shift+Left, Shift+Right</source>
        <translation>Umschalt+Links, Umschalt+Rechts</translation>
    </message>
    <message>
        <source>Move the compare bar</source>
        <translation>Vergleichsbalken verschieben</translation>
    </message>
    <message>
        <source>1 … 9, 0</source>
        <translation>1 … 9, 0</translation>
    </message>
    <message>
        <source>Brush strength 10 % … 90 %, 100 %</source>
        <translation>Pinselstärke 10 % … 90 %, 100 %</translation>
    </message>
    <message>
        <source>Arrows, Shift+Arrows</source>
        <translation>Pfeile, Umschalt+Pfeile</translation>
    </message>
    <message>
        <source>Move the crop, make it larger or smaller</source>
        <translation>Den Zuschnitt verschieben, größer oder kleiner machen</translation>
    </message>
    <message>
        <source>Return, X</source>
        <translation>Eingabe, X</translation>
    </message>
    <message>
        <source>Crop; swap portrait and landscape</source>
        <translation>Zuschneiden; Hoch- und Querformat tauschen</translation>
    </message>
    <message>
        <source>Escape</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Give up a stroke or a crop, put the brush away, cancel what runs</source>
        <translation>Einen Strich oder Zuschnitt aufgeben, den Pinsel weglegen, Laufendes abbrechen</translation>
    </message>
    <message>
        <source>Click on a look</source>
        <translation>Klick auf einen Look</translation>
    </message>
    <message>
        <source>Put it in place of the look there is; once more: take it away</source>
        <translation>Ersetzt den bisherigen Look; nochmals: nimmt ihn weg</translation>
    </message>
    <message>
        <source>Shift+click on a look</source>
        <translation>Umschalt+Klick auf einen Look</translation>
    </message>
    <message>
        <source>Add it on top of the looks there are</source>
        <translation>Fügt ihn zu den Looks hinzu</translation>
    </message>
</context>
<context>
    <name>AdjustPanel</name>
    <message>
        <source>Exposure</source>
        <translation>Belichtung</translation>
    </message>
    <message>
        <source>Brighten or darken in stops; highlights roll off and the original stays in the export. Double-click: 0 EV.</source>
        <translation>In Blendenstufen aufhellen oder abdunkeln; Lichter laufen weich aus, und das Original bleibt im Export erhalten. Doppelklick: 0 EV.</translation>
    </message>
    <message>
        <source>None yet: click a look, move Exposure, or press B to paint.</source>
        <translation>Noch keine: Look anklicken, Belichtung ziehen oder mit B malen.</translation>
    </message>
    <message>
        <source>Edits</source>
        <translation>Bearbeitungen</translation>
    </message>
</context>
<context>
    <name>BrushController</name>
    <message>
        <source>Nothing is painted here yet, so there is nothing to erase.</source>
        <translation>Hier ist noch nichts gemalt, also gibt es nichts zu radieren.</translation>
    </message>
</context>
<context>
    <name>BrushPanel</name>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Diameter of the brush, in percent of the photo&apos;s long edge ( [ and ] )</source>
        <translation>Durchmesser des Pinsels in Prozent der langen Seite des Fotos ( [ und ] )</translation>
    </message>
    <message>
        <source>Softness</source>
        <translation>Weichheit</translation>
    </message>
    <message>
        <source>How soft its edge is ( Shift+[ and Shift+] )</source>
        <translation>Wie weich der Rand ist ( Umschalt+[ und Umschalt+] )</translation>
    </message>
    <message>
        <source>Brush strength</source>
        <translation>Pinselstärke</translation>
    </message>
    <message>
        <source>How much a stroke lets through (keys 1 to 9, and 0 for all)</source>
        <translation>Wie viel ein Strich durchlässt (Tasten 1 bis 9, 0 für alles)</translation>
    </message>
    <message>
        <source>Erase (X)</source>
        <translation>Radieren (X)</translation>
    </message>
    <message>
        <source>Strokes take away instead of adding</source>
        <translation>Striche nehmen weg, statt aufzutragen</translation>
    </message>
    <message>
        <source>Stay on skin</source>
        <translation>Auf der Haut bleiben</translation>
    </message>
    <message>
        <source>New strokes keep to the colours they are painted on, along the photo&apos;s edges (K). What is painted already stays as it is.</source>
        <translation>Neue Striche bleiben auf den Farben, auf die sie gemalt werden, entlang der Kanten des Fotos (K). Was schon gemalt ist, bleibt, wie es ist.</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>Changed since, left as received</source>
        <translation>Seither verändert, bleibt, wie es ankam</translation>
    </message>
    <message>
        <source>Only predicted</source>
        <translation>Nur vorhergesagt</translation>
    </message>
    <message>
        <source>Not proven unchanged</source>
        <translation>Nicht bewiesen, dass unverändert</translation>
    </message>
</context>
<context>
    <name>ChangesController</name>
    <message>
        <source>Where this export was changed is known once its original is restored.</source>
        <translation>Wo dieser Export verändert wurde, ist bekannt, sobald sein Original wiederhergestellt ist.</translation>
    </message>
    <message>
        <source>Nothing of this export was changed since it was made.</source>
        <translation>An diesem Export wurde seither nichts verändert.</translation>
    </message>
    <message>
        <source>This picture carries no original.</source>
        <translation>Dieses Bild trägt kein Original.</translation>
    </message>
</context>
<context>
    <name>ClipboardController</name>
    <message>
        <source>The picture is in the clipboard.</source>
        <translation>Das Bild ist in der Zwischenablage.</translation>
    </message>
    <message>
        <source>The clipboard holds no picture.</source>
        <translation>Die Zwischenablage enthält kein Bild.</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Add {name}</source>
        <translation>{name} hinzufügen</translation>
    </message>
    <message>
        <source>Delete {name}</source>
        <translation>{name} löschen</translation>
    </message>
    <message>
        <source>Move {name}</source>
        <translation>{name} verschieben</translation>
    </message>
    <message>
        <source>Switch on {name}</source>
        <translation>{name} einschalten</translation>
    </message>
    <message>
        <source>Switch off {name}</source>
        <translation>{name} ausschalten</translation>
    </message>
    <message>
        <source>Strength of {name}</source>
        <translation>Stärke von {name}</translation>
    </message>
    <message>
        <source>Erase stroke</source>
        <translation>Radierstrich</translation>
    </message>
    <message>
        <source>Brush stroke</source>
        <translation>Pinselstrich</translation>
    </message>
</context>
<context>
    <name>CropController</name>
    <message>
        <source>Crop</source>
        <translation>Zuschneiden</translation>
    </message>
    <message>
        <source>Turn right</source>
        <translation>Nach rechts drehen</translation>
    </message>
    <message>
        <source>Turn left</source>
        <translation>Nach links drehen</translation>
    </message>
    <message>
        <source>Mirror top and bottom</source>
        <translation>Oben und unten spiegeln</translation>
    </message>
    <message>
        <source>Mirror left and right</source>
        <translation>Links und rechts spiegeln</translation>
    </message>
</context>
<context>
    <name>CropPanel</name>
    <message>
        <source>Ratio of the crop</source>
        <translation>Seitenverhältnis des Zuschnitts</translation>
    </message>
    <message>
        <source>Width to height of what is left of the photo</source>
        <translation>Breite zu Höhe dessen, was vom Foto bleibt</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>Frei</translation>
    </message>
    <message>
        <source>Original ratio</source>
        <translation>Wie das Foto</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>Tauschen</translation>
    </message>
    <message>
        <source>Portrait or landscape (X)</source>
        <translation>Hoch- oder Querformat (X)</translation>
    </message>
    <message>
        <source>Straighten</source>
        <translation>Ausrichten</translation>
    </message>
    <message>
        <source>Turn the photo by some degrees. Double-click: 0°.</source>
        <translation>Das Foto um einige Grad drehen. Doppelklick: 0°.</translation>
    </message>
    <message>
        <source>Draw the horizon</source>
        <translation>Horizont ziehen</translation>
    </message>
    <message>
        <source>Draw a line along what should be level, or upright: the photo turns to it</source>
        <translation>Eine Linie entlang dessen ziehen, was waagerecht oder senkrecht sein soll: Das Foto dreht sich danach</translation>
    </message>
    <message>
        <source>Turn left</source>
        <translation>Nach links drehen</translation>
    </message>
    <message>
        <source>Turn right</source>
        <translation>Nach rechts drehen</translation>
    </message>
    <message>
        <source>Mirror left and right</source>
        <translation>Links und rechts spiegeln</translation>
    </message>
    <message>
        <source>Mirror top and bottom</source>
        <translation>Oben und unten spiegeln</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Crop the photo (Return)</source>
        <translation>Das Foto zuschneiden (Eingabe)</translation>
    </message>
    <message>
        <source>Leave the photo as it was (Escape)</source>
        <translation>Das Foto lassen, wie es war (Escape)</translation>
    </message>
    <message>
        <source>The whole photo again</source>
        <translation>Wieder das ganze Foto</translation>
    </message>
    <message>
        <source>Crop and straighten</source>
        <translation>Zuschneiden und ausrichten</translation>
    </message>
    <message>
        <source>{width} × {height} pixels</source>
        <translation>{width} × {height} Pixel</translation>
    </message>
</context>
<context>
    <name>CurveEditor</name>
    <message>
        <source>Click to add a point, drag it, double-click to take it away.
Keys: Page Up and Page Down choose a point, arrows move it, Insert and Delete.</source>
        <translation>Klick setzt einen Punkt, Ziehen bewegt ihn, Doppelklick nimmt ihn weg.
Tasten: Bild auf und Bild ab wählen einen Punkt, Pfeile bewegen ihn, Einfg und Entf.</translation>
    </message>
    <message>
        <source>Point {number} of {count}: {before} becomes {after}</source>
        <translation>Punkt {number} von {count}: Aus {before} wird {after}</translation>
    </message>
</context>
<context>
    <name>CurveGroup</name>
    <message>
        <source>Reset</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>{name}: reset</source>
        <translation>{name}: zurücksetzen</translation>
    </message>
    <message>
        <source>What the curve acts on</source>
        <translation>Worauf die Kurve wirkt</translation>
    </message>
    <message>
        <source>RGB, hue kept</source>
        <translation>RGB, Farbton bleibt</translation>
    </message>
    <message>
        <source>Luminance only</source>
        <translation>Nur Helligkeit</translation>
    </message>
</context>
<context>
    <name>Curves</name>
    <message>
        <source>Histogram</source>
        <translation>Histogramm</translation>
    </message>
</context>
<context>
    <name>EditClipboard</name>
    <message>
        <source>The edits are in the clipboard.</source>
        <translation>Die Bearbeitungen sind in der Zwischenablage.</translation>
    </message>
    <message>
        <source>The clipboard holds no edits.</source>
        <translation>In der Zwischenablage sind keine Bearbeitungen.</translation>
    </message>
    <message>
        <source>Paste edits</source>
        <translation>Bearbeitungen einfügen</translation>
    </message>
</context>
<context>
    <name>EditController</name>
    <message>
        <source>Add {name}</source>
        <translation>{name} hinzufügen</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>{name} entfernen</translation>
    </message>
    <message>
        <source>Change to {name}</source>
        <translation>In „{name}“ ändern</translation>
    </message>
    <message>
        <source>Remove all edits</source>
        <translation>Alle Bearbeitungen entfernen</translation>
    </message>
    <message>
        <source>Automatic light</source>
        <translation>Automatisches Licht</translation>
    </message>
    <message>
        <source>Automatic white balance</source>
        <translation>Automatischer Weißabgleich</translation>
    </message>
    <message>
        <source>Pick white balance</source>
        <translation>Weißabgleich aufnehmen</translation>
    </message>
</context>
<context>
    <name>EditList</name>
    <message>
        <source>Edits, applied from top to bottom</source>
        <translation>Bearbeitungen, von oben nach unten angewendet</translation>
    </message>
    <message>
        <source>Drag, or Alt+Up and Alt+Down, to apply it earlier or later</source>
        <translation>Ziehen oder Alt+Hoch und Alt+Herunter, um sie früher oder später anzuwenden</translation>
    </message>
    <message>
        <source>{edit}, switched off</source>
        <translation>{edit}, ausgeschaltet</translation>
    </message>
</context>
<context>
    <name>EditRow</name>
    <message>
        <source>Delete this edit (Del)</source>
        <translation>Diese Bearbeitung löschen (Entf)</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Switch off (Space)</source>
        <translation>Ausschalten (Leertaste)</translation>
    </message>
    <message>
        <source>Switch on (Space)</source>
        <translation>Einschalten (Leertaste)</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>Drop a photo here</source>
        <translation>Foto hierher ziehen</translation>
    </message>
    <message>
        <source>or open one, or paste it (Ctrl+V).
What you export is an ordinary picture that carries its own original.</source>
        <translation>oder öffnen oder einfügen (Strg+V).
Exportiert wird ein gewöhnliches Bild, das sein eigenes Original in sich trägt.</translation>
    </message>
    <message>
        <source>Open a photo…</source>
        <translation>Foto öffnen …</translation>
    </message>
    <message>
        <source>Try the sample photo</source>
        <translation>Beispielfoto ausprobieren</translation>
    </message>
</context>
<context>
    <name>Engine</name>
    <message>
        <source>identical</source>
        <translation>identisch</translation>
    </message>
    <message>
        <source>excellent</source>
        <translation>hervorragend</translation>
    </message>
    <message>
        <source>very good</source>
        <translation>sehr gut</translation>
    </message>
    <message>
        <source>good</source>
        <translation>gut</translation>
    </message>
    <message>
        <source>fair</source>
        <translation>mäßig</translation>
    </message>
    <message>
        <source>poor</source>
        <translation>schlecht</translation>
    </message>
    <message>
        <source>Opening the photo</source>
        <translation>Foto wird geöffnet</translation>
    </message>
    <message>
        <source>This picture could not be written as {format}: choose another format.</source>
        <translation>Dieses Bild ließ sich nicht als {format} schreiben: ein anderes Format wählen.</translation>
    </message>
    <message>
        <source>Opening the file</source>
        <translation>Datei wird geöffnet</translation>
    </message>
    <message>
        <source>Saving the photo</source>
        <translation>Foto wird gesichert</translation>
    </message>
    <message>
        <source>Hiding the original</source>
        <translation>Original wird eingebettet</translation>
    </message>
    <message>
        <source>Revealing the original</source>
        <translation>Original wird wiederhergestellt</translation>
    </message>
    <message>
        <source>Encoding the file</source>
        <translation>Datei wird kodiert</translation>
    </message>
    <message>
        <source>Checking the file</source>
        <translation>Datei wird geprüft</translation>
    </message>
    <message>
        <source>Writing the file</source>
        <translation>Datei wird geschrieben</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>No edit changes the photo, so there is nothing to hide.</source>
        <translation>Keine Bearbeitung verändert das Foto, also gibt es nichts einzubetten.</translation>
    </message>
    <message>
        <source>The written file did not give the original back when it was checked.</source>
        <translation>Bei der Prüfung gab die Datei das Original nicht zurück.</translation>
    </message>
    <message>
        <source>Applying {look}</source>
        <translation>{look} wird angewendet</translation>
    </message>
    <message>
        <source>“{name}” is empty (0 bytes): look for another copy of it.</source>
        <translation>„{name}“ ist leer (0 Byte): nach einer anderen Kopie suchen.</translation>
    </message>
    <message>
        <source>“{name}” is damaged or incomplete and cannot be read ({why}): copy it again from where it came from.</source>
        <translation>„{name}“ ist beschädigt oder unvollständig und lässt sich nicht lesen ({why}): die Datei noch einmal von ihrer Quelle kopieren.</translation>
    </message>
    <message>
        <source>its header makes no sense</source>
        <translation>der Dateikopf ergibt keinen Sinn</translation>
    </message>
    <message>
        <source>its pixel data make no sense</source>
        <translation>die Pixeldaten ergeben keinen Sinn</translation>
    </message>
    <message>
        <source>its directory is cut off</source>
        <translation>das Verzeichnis der Datei ist abgeschnitten</translation>
    </message>
    <message>
        <source>its end is blank</source>
        <translation>das Ende der Datei ist leer</translation>
    </message>
    <message>
        <source>it goes over its pixels more than {most} times</source>
        <translation>sie geht mehr als {most}-mal über ihre Pixel</translation>
    </message>
    <message>
        <source>it ends too early</source>
        <translation>die Datei bricht vorzeitig ab</translation>
    </message>
    <message>
        <source>“{name}” is not a picture of a known kind: {kinds} can be opened.</source>
        <translation>„{name}“ ist kein bekanntes Bildformat: Öffnen lassen sich {kinds}.</translation>
    </message>
    <message>
        <source>“{name}” is a camera RAW file: develop it to a JPEG or a 16-bit TIFF first.</source>
        <translation>„{name}“ ist eine RAW-Datei: zuerst zu JPEG oder TIFF mit 16 Bit entwickeln.</translation>
    </message>
    <message>
        <source>“{name}” claims more than {megapixels} megapixels, the most that can be opened: reduce it in the program it was made with.</source>
        <translation>„{name}“ hat nach eigener Angabe mehr als {megapixels} Megapixel, mehr lassen sich nicht öffnen: das Bild im Ursprungsprogramm verkleinern.</translation>
    </message>
    <message>
        <source>“{name}” says that it has no pixels ({width} × {height}).</source>
        <translation>„{name}“ hat nach eigener Angabe keine Pixel ({width} × {height}).</translation>
    </message>
    <message>
        <source>“{name}” stores its brightness in {bits} bits per channel: save it with 8 or 16 bits per channel first.</source>
        <translation>„{name}“ speichert die Helligkeit mit {bits} Bit je Kanal: zuerst mit 8 oder 16 Bit je Kanal sichern.</translation>
    </message>
    <message>
        <source>“{name}” is larger than {gigabytes} GB: reduce it in the program it was made with.</source>
        <translation>„{name}“ ist größer als {gigabytes} GB: die Datei im Ursprungsprogramm verkleinern.</translation>
    </message>
    <message>
        <source>“{name}” is not a file: choose a picture.</source>
        <translation>„{name}“ ist keine Datei: ein Bild wählen.</translation>
    </message>
    <message>
        <source>“{name}” is a folder: choose a picture in it.</source>
        <translation>„{name}“ ist ein Ordner: ein Bild darin wählen.</translation>
    </message>
    <message>
        <source>There is no file “{path}”: it may have been moved, renamed or deleted.</source>
        <translation>Die Datei „{path}“ gibt es nicht: Vielleicht wurde sie verschoben, umbenannt oder gelöscht.</translation>
    </message>
    <message>
        <source>You may not read “{name}”: change its permissions or copy it elsewhere.</source>
        <translation>„{name}“ darf nicht gelesen werden: die Zugriffsrechte ändern oder die Datei an einen anderen Ort kopieren.</translation>
    </message>
    <message>
        <source>“{name}” cannot be read ({why}): copy it elsewhere and try again.</source>
        <translation>„{name}“ lässt sich nicht lesen ({why}): die Datei an einen anderen Ort kopieren und noch einmal versuchen.</translation>
    </message>
    <message>
        <source>There is not enough memory to open “{name}”: close other programs or pictures.</source>
        <translation>Der Speicher reicht nicht, um „{name}“ zu öffnen: andere Programme oder Bilder schließen.</translation>
    </message>
    <message>
        <source>picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>The XMP metadata is damaged and was left out.</source>
        <translation>Die XMP-Metadaten sind beschädigt und wurden weggelassen.</translation>
    </message>
    <message>
        <source>The IPTC metadata is damaged and was left out.</source>
        <translation>Die IPTC-Metadaten sind beschädigt und wurden weggelassen.</translation>
    </message>
    <message>
        <source>A colour profile for {space} does not suit these pixels and was left out.</source>
        <translation>Ein Farbprofil für {space} passt nicht zu diesen Pixeln und wurde weggelassen.</translation>
    </message>
    <message>
        <source>{space} was converted to sRGB.</source>
        <translation>{space} wurde in sRGB umgewandelt.</translation>
    </message>
    <message>
        <source>{space} was converted to sRGB without a colour profile: its colours are approximate.</source>
        <translation>{space} wurde ohne Farbprofil in sRGB umgewandelt: Die Farben stimmen nur ungefähr.</translation>
    </message>
    <message>
        <source>HDR colour ({transfer}) was converted to sRGB; what is brighter than white was compressed.</source>
        <translation>HDR-Farben ({transfer}) wurden in sRGB umgewandelt; was heller als Weiß ist, wurde gestaucht.</translation>
    </message>
    <message>
        <source>A part of the XMP metadata is missing in the file.</source>
        <translation>Ein Teil der XMP-Metadaten fehlt in der Datei.</translation>
    </message>
    <message>
        <source>The HDR gain map of this file does not go into exports, which are not HDR.</source>
        <translation>Die HDR-Gain-Map dieser Datei kommt nicht in den Export, der kein HDR ist.</translation>
    </message>
    <message>
        <source>The video of this motion photo does not go into exports.</source>
        <translation>Das Video dieses bewegten Fotos kommt nicht in den Export.</translation>
    </message>
    <message>
        <source>The depth map of this file does not go into exports.</source>
        <translation>Die Tiefenkarte dieser Datei kommt nicht in den Export.</translation>
    </message>
    <message>
        <source>The file has a transparency channel in which nothing is visible; it was left out.</source>
        <translation>Die Datei hat einen Transparenzkanal, in dem nichts sichtbar ist; er wurde weggelassen.</translation>
    </message>
    <message>
        <source>Only the first of the pictures in this file was opened.</source>
        <translation>Nur das erste Bild dieser Datei wurde geöffnet.</translation>
    </message>
    <message>
        <source>Only the first frame of the animation was opened.</source>
        <translation>Nur das erste Einzelbild der Animation wurde geöffnet.</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>der Datenträger ist voll</translation>
    </message>
    <message>
        <source>the system does not permit it</source>
        <translation>das System erlaubt es nicht</translation>
    </message>
    <message>
        <source>it is not there</source>
        <translation>die Datei ist nicht vorhanden</translation>
    </message>
    <message>
        <source>the disk is read-only</source>
        <translation>der Datenträger ist schreibgeschützt</translation>
    </message>
    <message>
        <source>its name is too long</source>
        <translation>der Name ist zu lang</translation>
    </message>
    <message>
        <source>no file can have that name</source>
        <translation>so kann keine Datei heißen</translation>
    </message>
    <message>
        <source>the system reports error {number}</source>
        <translation>das System meldet Fehler {number}</translation>
    </message>
    <message>
        <source>{format} has no transparency; it was left out. What was clear is white.</source>
        <translation>{format} kennt keine Transparenz; sie wurde weggelassen. Was durchsichtig war, ist weiß.</translation>
    </message>
    <message>
        <source>{format} has no place for EXIF metadata of this length; they were left out.</source>
        <translation>{format} hat keinen Platz für so lange EXIF-Metadaten; sie wurden weggelassen.</translation>
    </message>
    <message>
        <source>{format} has no place for XMP metadata of this length; they were left out.</source>
        <translation>{format} hat keinen Platz für so lange XMP-Metadaten; sie wurden weggelassen.</translation>
    </message>
    <message>
        <source>{format} has no place for IPTC metadata; they were left out.</source>
        <translation>{format} hat keinen Platz für IPTC-Metadaten; sie wurden weggelassen.</translation>
    </message>
    <message>
        <source>{format} has no place for comments; they were left out.</source>
        <translation>{format} hat keinen Platz für Kommentare; sie wurden weggelassen.</translation>
    </message>
    <message>
        <source>{format} has no place for the texts in a PNG; they were left out.</source>
        <translation>{format} hat keinen Platz für die Texte einer PNG-Datei; sie wurden weggelassen.</translation>
    </message>
    <message>
        <source>The file of the original is not known or was changed since; a PNG of it was kept instead.</source>
        <translation>Die Datei des Originals ist nicht bekannt oder wurde seither geändert; stattdessen wurde ein PNG davon behalten.</translation>
    </message>
    <message>
        <source>The file of the first original is not known: only what the pixels gave back goes along, no exact copy.</source>
        <translation>Die Datei des ersten Originals ist nicht bekannt: nur was die Pixel hergaben, geht mit, keine genaue Kopie.</translation>
    </message>
    <message>
        <source>Compressed once more, as a JPEG of quality {quality}, it still restores, less exactly: this was tried.</source>
        <translation>Noch einmal komprimiert, als JPEG mit Qualität {quality}, kommt das Original noch zurück, weniger genau: Das wurde ausprobiert.</translation>
    </message>
    <message>
        <source>Compressed once more, as a JPEG of quality {quality}, it would not restore: this was tried. Pass the file on as it is.</source>
        <translation>Noch einmal komprimiert, als JPEG mit Qualität {quality}, käme das Original nicht zurück: Das wurde ausprobiert. Geben Sie die Datei so weiter, wie sie ist.</translation>
    </message>
    <message>
        <source>The exact copy in the file is of another picture, or the picture was changed too much since: it was not used.</source>
        <translation>Die genaue Kopie in der Datei gehört zu einem anderen Bild, oder das Bild wurde seither zu stark geändert: Sie wurde nicht verwendet.</translation>
    </message>
    <message>
        <source>The export was changed since it was made; the exact copy of its original was not.</source>
        <translation>Der Export wurde seit seiner Entstehung verändert, die genaue Kopie seines Originals nicht.</translation>
    </message>
    <message>
        <source>The exact copy in the file is damaged: it was not used.</source>
        <translation>Die genaue Kopie in der Datei ist beschädigt: Sie wurde nicht verwendet.</translation>
    </message>
    <message>
        <source>The original is kept as a {format} file; it was converted. A name that ends in {suffix} gets every byte of it.</source>
        <translation>Das Original liegt als {format}-Datei bei; es wurde umgewandelt. Ein Name, der auf {suffix} endet, erhält jedes Byte davon.</translation>
    </message>
    <message>
        <source>“{name}” does not say which format to write: let its name end in {suffixes}.</source>
        <translation>„{name}“ sagt nicht, welches Format gemeint ist: den Namen auf {suffixes} enden lassen.</translation>
    </message>
    <message>
        <source>A {format} picture can be at most {most} pixels long, this one is {length}: choose {others}.</source>
        <translation>Ein Bild im Format {format} kann höchstens {most} Pixel lang sein, dieses hat {length}: {others} wählen.</translation>
    </message>
    <message>
        <source>There is not enough memory to write this picture as {format}: close other programs or pictures.</source>
        <translation>Der Speicher reicht nicht, um dieses Bild als {format} zu schreiben: andere Programme oder Bilder schließen.</translation>
    </message>
    <message>
        <source>The picture is an export itself, and what it carries would still come back from this one; nothing was written. Restore its original, and export that instead.</source>
        <translation>Das Bild ist selbst ein Export, und was es mit sich führt, käme auch aus diesem zurück; es wurde nichts geschrieben. Stellen Sie sein Original wieder her und exportieren Sie stattdessen das.</translation>
    </message>
    <message>
        <source>“{name}” is the photo itself, which is never replaced by an export: choose another name.</source>
        <translation>„{name}“ ist das Foto selbst, das ein Export nie ersetzt: Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>“{name}” exists already and was not overwritten: choose another name.</source>
        <translation>„{name}“ gibt es schon und wurde nicht überschrieben: einen anderen Namen wählen.</translation>
    </message>
    <message>
        <source>“{path}” is a folder: choose a name for the picture in it.</source>
        <translation>„{path}“ ist ein Ordner: einen Namen für das Bild darin wählen.</translation>
    </message>
    <message>
        <source>The disk is full, “{name}” was not written: free some space or choose another folder.</source>
        <translation>Der Datenträger ist voll, „{name}“ wurde nicht geschrieben: Platz schaffen oder einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <source>You may not write into the folder “{folder}”, “{name}” was not written: choose another folder.</source>
        <translation>In den Ordner „{folder}“ darf nicht geschrieben werden, „{name}“ wurde nicht geschrieben: einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <source>There is no folder “{folder}”, “{name}” was not written: choose another folder.</source>
        <translation>Den Ordner „{folder}“ gibt es nicht, „{name}“ wurde nicht geschrieben: einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <source>The name “{start}…” is too long: choose a shorter one.</source>
        <translation>Der Name „{start}…“ ist zu lang: einen kürzeren wählen.</translation>
    </message>
    <message>
        <source>“{name}” was not written ({why}): choose another name or folder.</source>
        <translation>„{name}“ wurde nicht geschrieben ({why}): einen anderen Namen oder Ordner wählen.</translation>
    </message>
    <message>
        <source>The picture is an export itself: this one carries the first original on.</source>
        <translation>Das Bild ist selbst ein Export: dieser trägt das erste Original weiter.</translation>
    </message>
    <message>
        <source>The picture is an export itself: this one carries the first original on. What was done to that is not known, so no edit list goes along.</source>
        <translation>Das Bild ist selbst ein Export: dieser trägt das erste Original weiter. Was mit jenem gemacht wurde, ist nicht bekannt, deshalb geht keine Bearbeitungsliste mit.</translation>
    </message>
    <message>
        <source>The picture is an export that was changed since, in about {percent} % of it: this one carries on what is left of the first original.</source>
        <translation>Das Bild ist ein Export, der seither auf etwa {percent} % der Fläche verändert wurde: dieser trägt weiter, was vom ersten Original übrig ist.</translation>
    </message>
    <message>
        <source>The picture is a copy of an export: this one carries on what came through of the first original. Nothing proves that it was not changed on the way.</source>
        <translation>Das Bild ist eine Kopie eines Exports: dieser trägt weiter, was vom ersten Original durchgekommen ist. Nichts beweist, dass es unterwegs nicht verändert wurde.</translation>
    </message>
    <message>
        <source>The picture is a locked export itself: lock this one with the same passphrase to carry its original on, or export it as a new picture.</source>
        <translation>Das Bild ist selbst ein verschlossener Export: diesen mit derselben Passphrase verschließen, dann trägt er dessen Original weiter, oder es als neues Bild exportieren.</translation>
    </message>
    <message>
        <source>The picture is an export itself, whose original nothing proves: this one carries it on, and says so.</source>
        <translation>Das Bild ist selbst ein Export, dessen Original durch nichts belegt ist: dieser trägt es weiter und sagt das auch.</translation>
    </message>
    <message>
        <source>The picture is an export itself, but its original cannot be read any more ({why}): this one carries the picture as it was opened.</source>
        <translation>Das Bild ist selbst ein Export, aber sein Original lässt sich nicht mehr lesen ({why}): dieser trägt das Bild, wie es geöffnet wurde.</translation>
    </message>
    <message>
        <source>cropped to {percent} % of the picture</source>
        <translation>auf {percent} % des Bildes zugeschnitten</translation>
    </message>
    <message>
        <source>given a border</source>
        <translation>mit einem Rand versehen</translation>
    </message>
    <message>
        <source>made smaller from {across} × {down} to {width} × {height} pixels</source>
        <translation>von {across} × {down} auf {width} × {height} Pixel verkleinert</translation>
    </message>
    <message>
        <source>made larger from {across} × {down} to {width} × {height} pixels</source>
        <translation>von {across} × {down} auf {width} × {height} Pixel vergrößert</translation>
    </message>
    <message>
        <source>converted or compressed</source>
        <translation>umgewandelt oder komprimiert</translation>
    </message>
    <message>
        <source>It was left out: nobody can restore it from this file.</source>
        <translation>Es wurde weggelassen: Niemand kann es aus dieser Datei wiederherstellen.</translation>
    </message>
    <message>
        <source>The edit list is too long for the pixels: it is in the metadata only, and gone where those are removed.</source>
        <translation>Die Liste der Bearbeitungen ist zu lang für die Pixel: sie steht nur in den Metadaten und ist weg, wo diese entfernt werden.</translation>
    </message>
    <message>
        <source>The edit list is too long for the pixels of a locked export, which has it nowhere else: it was left out.</source>
        <translation>Die Liste der Bearbeitungen ist zu lang für die Pixel eines verschlossenen Exports, der sie nirgends sonst hat: sie wurde weggelassen.</translation>
    </message>
    <message>
        <source>No edit changes the photo: the file shows it as it is, to everybody.</source>
        <translation>Keine Bearbeitung ändert das Foto: die Datei zeigt es jedem, wie es ist.</translation>
    </message>
    <message>
        <source>A picture of {width} x {height} pixels is too small to carry its original as a JPEG: that takes about {least} pixels on each side, a PNG {lossless}.</source>
        <translation>Ein Bild von {width} x {height} Pixeln ist zu klein, um sein Original als JPEG mitzutragen: dazu braucht es etwa {least} Pixel auf jeder Seite, als PNG {lossless}.</translation>
    </message>
    <message>
        <source>So much of the picture is flat that a JPEG cannot carry its original; export PNG instead.</source>
        <translation>So viel vom Bild ist einfarbig, dass ein JPEG sein Original nicht in sich tragen kann; stattdessen PNG exportieren.</translation>
    </message>
    <message>
        <source>A {format} file cannot carry the original; export {others} instead.</source>
        <translation>Eine {format}-Datei kann das Original nicht in sich tragen; stattdessen {others} exportieren.</translation>
    </message>
    <message>
        <source>the export</source>
        <translation>der Export</translation>
    </message>
    <message>
        <source>“{name}” cannot be restored: {why}.</source>
        <translation>„{name}“ lässt sich nicht wiederherstellen: {why}.</translation>
    </message>
    <message>
        <source>This picture cannot be restored: {why}.</source>
        <translation>Dieses Bild lässt sich nicht wiederherstellen: {why}.</translation>
    </message>
    <message>
        <source>There is nothing to show on a map: {why}.</source>
        <translation>Auf einer Karte gibt es nichts zu zeigen: {why}.</translation>
    </message>
    <message>
        <source>its original is locked, and takes the passphrase that it was exported with</source>
        <translation>sein Original ist verschlossen und braucht die Passphrase, mit der es exportiert wurde</translation>
    </message>
    <message>
        <source>This is not the passphrase that the export was locked with.</source>
        <translation>Das ist nicht die Passphrase, mit der der Export verschlossen wurde.</translation>
    </message>
    <message>
        <source>it is a copy that was made too small or compressed too strongly</source>
        <translation>Es ist eine Kopie, die zu klein gemacht oder zu stark komprimiert wurde</translation>
    </message>
    <message>
        <source>it was exported by another version of Pentimento ({container} container, version {version}): install the newest version to restore it</source>
        <translation>Das Bild wurde mit einer anderen Version von Pentimento exportiert (Container {container}, Version {version}): zum Wiederherstellen die neueste Version installieren</translation>
    </message>
    <message>
        <source>The weights&apos; index {path} is missing; reinstall Pentimento.</source>
        <translation>Das Verzeichnis der Gewichte {path} fehlt; Pentimento neu installieren.</translation>
    </message>
    <message>
        <source>The weights&apos; index {path} is damaged; reinstall Pentimento.</source>
        <translation>Das Verzeichnis der Gewichte {path} ist beschädigt; Pentimento neu installieren.</translation>
    </message>
    <message>
        <source>There are no weights for {channel}; reinstall Pentimento.</source>
        <translation>Es gibt keine Gewichte für {channel}; Pentimento neu installieren.</translation>
    </message>
    <message>
        <source>There are no weights named &apos;{name}&apos;; installed ones: {known}.</source>
        <translation>Es gibt keine Gewichte namens „{name}“; installiert sind: {known}.</translation>
    </message>
    <message>
        <source>The weights {path} are missing; reinstall Pentimento.</source>
        <translation>Die Gewichte {path} fehlen; Pentimento neu installieren.</translation>
    </message>
    <message>
        <source>The weights {path} are damaged; reinstall Pentimento.</source>
        <translation>Die Gewichte {path} sind beschädigt; Pentimento neu installieren.</translation>
    </message>
    <message>
        <source>The weights {path} do not fit this version of Pentimento.</source>
        <translation>Die Gewichte {path} passen nicht zu dieser Version von Pentimento.</translation>
    </message>
    <message>
        <source>The weights of the learned operators are missing or damaged; the reference algorithms were used, which take longer.</source>
        <translation>Die Gewichte der gelernten Operatoren fehlen oder sind beschädigt; die langsameren Referenzverfahren wurden verwendet.</translation>
    </message>
    <message>
        <source>Unknown device &apos;{name}&apos;; choose one of {known}.</source>
        <translation>Unbekanntes Gerät „{name}“; möglich sind {known}.</translation>
    </message>
    <message>
        <source>This computer has no {name} device; use --device auto.</source>
        <translation>Dieser Rechner hat kein Gerät „{name}“ für die Netze; „auto“ wählen.</translation>
    </message>
    <message>
        <source>There is no operator &apos;{name}&apos;. Known ones: {known}.</source>
        <translation>Es gibt keinen Operator „{name}“. Bekannt sind: {known}.</translation>
    </message>
    <message>
        <source>{operator} takes a strength from {least} to {most}, not {strength}.</source>
        <translation>Die Stärke von {operator} geht von {least} bis {most}, nicht {strength}.</translation>
    </message>
    <message>
        <source>{operator} takes multiples of {multiple}.</source>
        <translation>{operator} nimmt Vielfache von {multiple}.</translation>
    </message>
    <message>
        <source>{operator} changes the whole photo: it takes no mask and no opacity.</source>
        <translation>{operator} ändert das ganze Foto und nimmt weder Maske noch Deckkraft.</translation>
    </message>
    <message>
        <source>{operator} has no setting &apos;{name}&apos;. Known ones: {known}.</source>
        <translation>{operator} hat keine Einstellung „{name}“. Bekannt sind: {known}.</translation>
    </message>
    <message>
        <source>{operator} takes as {name}: {form}.</source>
        <translation>{operator} nimmt als {name}: {form}.</translation>
    </message>
    <message>
        <source>Opacity goes from 0 to 1, not {opacity}.</source>
        <translation>Die Deckkraft geht von 0 bis 1, nicht {opacity}.</translation>
    </message>
    <message>
        <source>A stroke&apos;s softness, strength and pressure go from 0 to 1.</source>
        <translation>Weichheit, Stärke und Druck eines Pinselstrichs gehen von 0 bis 1.</translation>
    </message>
    <message>
        <source>A stroke lies too far from its picture.</source>
        <translation>Ein Pinselstrich liegt zu weit außerhalb des Bildes.</translation>
    </message>
    <message>
        <source>A brush of size {size} cannot be used.</source>
        <translation>Ein Pinsel der Größe {size} ist nicht zu gebrauchen.</translation>
    </message>
    <message>
        <source>A gradient lies too far from its picture, or has no size.</source>
        <translation>Ein Verlauf liegt zu weit vom Bild entfernt oder hat keine Größe.</translation>
    </message>
    <message>
        <source>The mask could not be stored.</source>
        <translation>Die Maske ließ sich nicht speichern.</translation>
    </message>
    <message>
        <source>The edit list was written by a newer Pentimento (recipe version {version}).</source>
        <translation>Die Bearbeitungsliste stammt von einem neueren Pentimento (Version {version} der Liste).</translation>
    </message>
    <message>
        <source>The edit list in the file is damaged.</source>
        <translation>Die Bearbeitungsliste in der Datei ist beschädigt.</translation>
    </message>
    <message>
        <source>{others} and {last}</source>
        <translation>{others} und {last}</translation>
    </message>
    <message>
        <source>{others} or {last}</source>
        <translation>{others} oder {last}</translation>
    </message>
    <message>
        <source>its pixels carry no original: it is not a Pentimento export, or it was resized, cropped or re-compressed since</source>
        <translation>Die Pixel enthalten kein Original. Das Bild ist kein Export von Pentimento, oder es wurde seither skaliert, beschnitten oder neu komprimiert</translation>
    </message>
    <message>
        <source>its edit list says that it was edited with Pentimento, but its pixels carry no original: it was exported without, or resized, cropped or re-compressed since</source>
        <translation>Laut seiner Bearbeitungsliste wurde das Bild mit Pentimento bearbeitet, aber die Pixel enthalten kein Original. Es wurde ohne Original exportiert oder seither skaliert, beschnitten oder neu komprimiert</translation>
    </message>
    <message>
        <source>too much of it was changed since it was exported</source>
        <translation>Zu viel davon wurde seit dem Export verändert</translation>
    </message>
    <message>
        <source>A picture of {width} x {height} pixels is too small to carry its original; it needs at least {least} pixels on each side.</source>
        <translation>Ein Bild mit {width} × {height} Pixeln ist zu klein für sein Original; es braucht mindestens {least} Pixel je Seite.</translation>
    </message>
    <message>
        <source>JPEG quality {quality} is too low to carry the original; use {least} or more.</source>
        <translation>Die JPEG-Qualität {quality} ist zu niedrig für das Original; {least} oder mehr wählen.</translation>
    </message>
    <message>
        <source>{bits}-bit colour was converted to 8 bits per channel.</source>
        <translation>{bits} Bit Farbtiefe wurden in 8 Bit je Kanal umgewandelt.</translation>
    </message>
    <message>
        <source>Grey was converted to RGB.</source>
        <translation>Graustufen wurden in RGB umgewandelt.</translation>
    </message>
    <message>
        <source>The EXIF metadata is damaged and was left out.</source>
        <translation>Die EXIF-Metadaten sind beschädigt und wurden weggelassen.</translation>
    </message>
    <message>
        <source>The colour profile is damaged and was left out; sRGB is assumed.</source>
        <translation>Das Farbprofil ist beschädigt und wurde weggelassen; sRGB wird angenommen.</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>Exportieren …</translation>
    </message>
</context>
<context>
    <name>ExportForm</name>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>4:4:4: full colour</source>
        <translation>4:4:4: volle Farbe</translation>
    </message>
    <message>
        <source>4:2:0: half the colour, smaller</source>
        <translation>4:2:0: halbe Farbe, kleiner</translation>
    </message>
    <message>
        <source>Remove metadata (camera, date, place, edit list)</source>
        <translation>Metadaten entfernen (Kamera, Datum, Ort, Bearbeitungen)</translation>
    </message>
    <message>
        <source>The original comes back all the same: it is carried by the pixels</source>
        <translation>Das Original kommt trotzdem zurück: Es steckt in den Pixeln</translation>
    </message>
    <message>
        <source>Keep the photo&apos;s own file in it, too</source>
        <translation>Auch die Datei des Fotos selbst darin behalten</translation>
    </message>
    <message>
        <source>As long as the metadata are there, every byte of it comes back</source>
        <translation>Solange die Metadaten da sind, kommt jedes Byte davon zurück</translation>
    </message>
    <message>
        <source>Carry this picture, not the original in it</source>
        <translation>Dieses Bild mittragen, nicht das Original darin</translation>
    </message>
    <message>
        <source>This picture is an export: else its own exports carry the photo it came from</source>
        <translation>Dieses Bild ist ein Export: sonst tragen seine Exporte das Foto, aus dem es entstand</translation>
    </message>
    <message>
        <source>Goes along: anyone with the file can restore it</source>
        <translation>Reist mit: Wer die Datei hat, kann es wiederherstellen</translation>
    </message>
    <message>
        <source>Is locked: only who has the passphrase can restore it</source>
        <translation>Wird verschlossen: nur mit der Passphrase kommt es zurück</translation>
    </message>
    <message>
        <source>Is left out: the export is an ordinary picture</source>
        <translation>Wird weggelassen: Der Export ist ein gewöhnliches Bild</translation>
    </message>
    <message>
        <source>Nobody can give the original back without it: keep it</source>
        <translation>Ohne sie bekommt niemand das Original zurück: gut aufbewahren</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Colour subsampling</source>
        <translation>Farbunterabtastung</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>File name</source>
        <translation>Dateiname</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>&amp;Format</source>
        <translation>&amp;Format</translation>
    </message>
    <message>
        <source>&amp;Original</source>
        <translation>&amp;Original</translation>
    </message>
    <message>
        <source>&amp;Passphrase</source>
        <translation>&amp;Passphrase</translation>
    </message>
    <message>
        <source>&amp;Colour</source>
        <translation>Fa&amp;rbe</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Privatsphäre</translation>
    </message>
    <message>
        <source>Exact copy</source>
        <translation>Genaue Kopie</translation>
    </message>
    <message>
        <source>New picture</source>
        <translation>Neues Bild</translation>
    </message>
    <message>
        <source>The original stays only in your own file.</source>
        <translation>Das Original bleibt nur in Ihrer eigenen Datei.</translation>
    </message>
    <message>
        <source>The original does not come back: this format cannot carry it.</source>
        <translation>Das Original kommt nicht zurück: Dieses Format kann es nicht in sich tragen.</translation>
    </message>
    <message>
        <source>The original comes back to who has the passphrase, as long as the file is passed on as it is; from copies that were made smaller or compressed to nobody.</source>
        <translation>Das Original kommt mit der Passphrase zurück, solange die Datei weitergegeben wird, wie sie ist; aus verkleinerten oder komprimierten Kopien bei niemandem.</translation>
    </message>
    <message>
        <source>The original comes back almost exactly, as long as the file is passed on as it is; less exactly from copies that a chat app made smaller or compressed, if the picture has 768 pixels or more.</source>
        <translation>Das Original kommt fast genau zurück, solange die Datei so bleibt, wie sie ist; weniger genau aus Kopien, die eine Chat-App verkleinert oder komprimiert hat, wenn das Bild mindestens 768 Pixel hat.</translation>
    </message>
    <message>
        <source>The original comes back well, as long as the file is passed on as it is; less exactly from copies that a chat app made smaller or compressed, if the picture has 768 pixels or more and its quality is 75 or higher.</source>
        <translation>Das Original kommt gut zurück, solange die Datei so bleibt, wie sie ist; weniger genau aus Kopien, die eine Chat-App verkleinert oder komprimiert hat, wenn das Bild mindestens 768 Pixel und mindestens Qualität 75 hat.</translation>
    </message>
</context>
<context>
    <name>ExportVerdict</name>
    <message>
        <source>{size} bytes</source>
        <translation>{size} Byte</translation>
    </message>
    <message>
        <source>Checking that the original comes back</source>
        <translation>Prüfung, ob das Original zurückkommt</translation>
    </message>
    <message>
        <source>Preparing…</source>
        <translation>Wird vorbereitet …</translation>
    </message>
    <message>
        <source>A few seconds left</source>
        <translation>Noch einige Sekunden</translation>
    </message>
    <message>
        <source>About {n} s left</source>
        <translation>Noch etwa {n} s</translation>
    </message>
    <message>
        <source>About {n} min left</source>
        <translation>Noch etwa {n} min</translation>
    </message>
    <message>
        <source>Checking that nothing of the original is left</source>
        <translation>Es wird geprüft, dass vom Original nichts übrig ist</translation>
    </message>
    <message>
        <source>Choose a passphrase</source>
        <translation>Eine Passphrase wählen</translation>
    </message>
    <message>
        <source>It locks the original in this export; nobody can give it back without.</source>
        <translation>Sie verschließt das Original in diesem Export; ohne sie bekommt es niemand zurück.</translation>
    </message>
    <message>
        <source>{what}…</source>
        <translation>{what} …</translation>
    </message>
    <message>
        <source>about {size}</source>
        <translation>etwa {size}</translation>
    </message>
    <message>
        <source>Restorable: what comes back is {words}</source>
        <translation>Wiederherstellbar: Was zurückkommt, ist {words}</translation>
    </message>
    <message>
        <source>Restorable with losses: {words}</source>
        <translation>Wiederherstellbar mit Verlusten: {words}</translation>
    </message>
    <message>
        <source>Above: its worst part, {there}; the whole photo: {whole}; what is seen: {seen}. Measured on the very bytes that will be written.</source>
        <translation>Oben die schlechteste Stelle: {there}; das ganze Foto: {whole}; was man sieht: {seen}. Gemessen an genau den Bytes, die geschrieben werden.</translation>
    </message>
    <message>
        <source>The original is left out</source>
        <translation>Das Original ist weggelassen</translation>
    </message>
    <message>
        <source>Not restorable: the original stays only in your own file</source>
        <translation>Nicht wiederherstellbar: Das Original bleibt nur in Ihrer eigenen Datei</translation>
    </message>
    <message>
        <source>Not exported</source>
        <translation>Nicht exportiert</translation>
    </message>
</context>
<context>
    <name>FailureMessages</name>
    <message>
        <source>Something went wrong ({what}). Your edits are kept.</source>
        <translation>Etwas ist schiefgegangen ({what}). Ihre Bearbeitungen bleiben erhalten.</translation>
    </message>
    <message>
        <source>There is not enough memory for this: close other programs.</source>
        <translation>Dafür reicht der Speicher nicht: andere Programme schließen.</translation>
    </message>
    <message>
        <source>That did not work: {what}. Your edits are kept.</source>
        <translation>Das hat nicht geklappt: {what}. Ihre Bearbeitungen bleiben erhalten.</translation>
    </message>
</context>
<context>
    <name>Formats</name>
    <message>
        <source>lossless, opens everywhere</source>
        <translation>verlustfrei, öffnet sich überall</translation>
    </message>
    <message>
        <source>small, for sending and sharing</source>
        <translation>klein, zum Senden und Teilen</translation>
    </message>
    <message>
        <source>lossless, smaller than PNG</source>
        <translation>verlustfrei, kleiner als PNG</translation>
    </message>
    <message>
        <source>lossless, for other editors</source>
        <translation>verlustfrei, für andere Programme</translation>
    </message>
</context>
<context>
    <name>GradientRows</name>
    <message>
        <source>Across</source>
        <translation>Waagerecht</translation>
    </message>
    <message>
        <source>Where its middle is, from the left</source>
        <translation>Wo seine Mitte liegt, von links aus</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Senkrecht</translation>
    </message>
    <message>
        <source>Where its middle is, from the top</source>
        <translation>Wo seine Mitte liegt, von oben aus</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Of the ellipse, in percent of the photo&apos;s width</source>
        <translation>Der Ellipse, in Prozent der Breite des Fotos</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>Of the ellipse, in percent of the photo&apos;s height</source>
        <translation>Der Ellipse, in Prozent der Höhe des Fotos</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>Winkel</translation>
    </message>
    <message>
        <source>Turns it clockwise</source>
        <translation>Dreht ihn im Uhrzeigersinn</translation>
    </message>
    <message>
        <source>Fading</source>
        <translation>Auslauf</translation>
    </message>
    <message>
        <source>How long the way from full to nothing is</source>
        <translation>Wie lang der Weg von voller Wirkung bis zu keiner ist</translation>
    </message>
    <message>
        <source>Feather</source>
        <translation>Weicher Rand</translation>
    </message>
    <message>
        <source>How far from the rim it fades</source>
        <translation>Wie weit vom Rand aus er ausläuft</translation>
    </message>
</context>
<context>
    <name>HistogramView</name>
    <message>
        <source>Shadows</source>
        <translation>Tiefen</translation>
    </message>
    <message>
        <source>shadows</source>
        <translation>Tiefen</translation>
    </message>
    <message>
        <source>Highlights</source>
        <translation>Lichter</translation>
    </message>
    <message>
        <source>highlights</source>
        <translation>Lichter</translation>
    </message>
    <message>
        <source>{share} % {which} clipped by edits</source>
        <translation>{share} % {which} beschnitten (neu)</translation>
    </message>
    <message>
        <source>{share} % {which} clipped in the photo</source>
        <translation>{share} % {which} beschnitten (Foto)</translation>
    </message>
    <message>
        <source>No clipping</source>
        <translation>Nichts beschnitten</translation>
    </message>
    <message>
        <source>{name}: {edit} % clipped by the edits, {source} % in the photo already.
Click to mark the clipped {which} on the picture (J).</source>
        <translation>{name}: {edit} % durch Bearbeitungen beschnitten, {source} % schon im Foto.
Klicken, um beschnittene {which} im Bild zu markieren (J).</translation>
    </message>
    <message>
        <source>Clipped {which}</source>
        <translation>Beschnittene {which}</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>As opened</source>
        <translation>Wie geöffnet</translation>
    </message>
    <message>
        <source>History: steps that were done</source>
        <translation>Verlauf: Schritte, die getan wurden</translation>
    </message>
    <message>
        <source>A click goes to the step; later ones can be had again</source>
        <translation>Ein Klick geht zu dem Schritt; spätere lassen sich wieder holen</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf der Schritte</translation>
    </message>
</context>
<context>
    <name>JobProgress</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel what is running (Esc)</source>
        <translation>Laufende Arbeit abbrechen (Esc)</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>In Arbeit …</translation>
    </message>
</context>
<context>
    <name>LookCard</name>
    <message>
        <source>Algorithm: {name}</source>
        <translation>Verfahren: {name}</translation>
    </message>
    <message>
        <source>Add {name}</source>
        <translation>{name} hinzufügen</translation>
    </message>
    <message>
        <source>Add on top of the looks there are (Shift+click)</source>
        <translation>Zu den Looks hinzufügen (Umschalt+Klick)</translation>
    </message>
    <message>
        <source>Applied.</source>
        <translation>Angewendet.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>{name} (original)</source>
        <translation>{name} (Original)</translation>
    </message>
</context>
<context>
    <name>MaskController</name>
    <message>
        <source>Mask: {part}</source>
        <translation>Maske: {part}</translation>
    </message>
    <message>
        <source>Invert mask</source>
        <translation>Maske umkehren</translation>
    </message>
    <message>
        <source>Apply everywhere</source>
        <translation>Überall anwenden</translation>
    </message>
    <message>
        <source>Delete a part of the mask</source>
        <translation>Teil der Maske löschen</translation>
    </message>
    <message>
        <source>Combine masks</source>
        <translation>Masken verknüpfen</translation>
    </message>
    <message>
        <source>Opacity of the mask</source>
        <translation>Deckkraft der Maske</translation>
    </message>
    <message>
        <source>Change gradient</source>
        <translation>Verlauf ändern</translation>
    </message>
</context>
<context>
    <name>MaskPanel</name>
    <message>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <source>Linear gradient</source>
        <translation>Linearer Verlauf</translation>
    </message>
    <message>
        <source>Radial gradient</source>
        <translation>Radialer Verlauf</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Put the tools for masks away (Escape)</source>
        <translation>Maskenwerkzeuge weglegen (Esc)</translation>
    </message>
    <message>
        <source>Parts of the mask</source>
        <translation>Teile der Maske</translation>
    </message>
    <message>
        <source>Overlay (O)</source>
        <translation>Maske zeigen (O)</translation>
    </message>
    <message>
        <source>Show where the selected edit acts, in red</source>
        <translation>Rot zeigen, wo die gewählte Bearbeitung wirkt</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>Add: {part}</source>
        <translation>Hinzufügen: {part}</translation>
    </message>
    <message>
        <source>Delete the selected part (Del)</source>
        <translation>Gewählten Teil löschen (Entf)</translation>
    </message>
    <message>
        <source>Invert</source>
        <translation>Umkehren</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Subtract</source>
        <translation>Abziehen</translation>
    </message>
    <message>
        <source>Intersect</source>
        <translation>Schneiden</translation>
    </message>
    <message>
        <source>How this part goes together with those above it</source>
        <translation>Wie dieser Teil mit denen darüber verknüpft wird</translation>
    </message>
    <message>
        <source>How the part counts</source>
        <translation>Verknüpfung des Teils</translation>
    </message>
    <message>
        <source>The part is where its shape is not</source>
        <translation>Der Teil ist, wo seine Form nicht ist</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>How much of this part counts</source>
        <translation>Wie viel dieser Teil zählt</translation>
    </message>
    <message>
        <source>Paint over skin to smooth it.</source>
        <translation>Über Haut malen, um sie zu glätten.</translation>
    </message>
    <message>
        <source>“{name}” acts outside of this.</source>
        <translation>„{name}“ wirkt außerhalb davon.</translation>
    </message>
    <message>
        <source>“{name}” acts nowhere yet.</source>
        <translation>„{name}“ wirkt noch nirgends.</translation>
    </message>
    <message>
        <source>Strokes paint where “{name}” acts.</source>
        <translation>Striche legen fest, wo „{name}“ wirkt.</translation>
    </message>
    <message>
        <source>Here “{name}” acts.</source>
        <translation>Hier wirkt „{name}“.</translation>
    </message>
</context>
<context>
    <name>Notifications</name>
    <message>
        <source>Close this message</source>
        <translation>Meldung schließen</translation>
    </message>
</context>
<context>
    <name>OpenController</name>
    <message>
        <source>“{name}” was opened; the other file was not: one photo at a time.</source>
        <translation>„{name}“ ist geöffnet, die andere Datei nicht: nur ein Foto auf einmal.</translation>
    </message>
    <message>
        <source>“{name}” was opened; the other {n} files were not: one photo at a time.</source>
        <translation>„{name}“ ist geöffnet, die anderen {n} Dateien nicht: nur ein Foto auf einmal.</translation>
    </message>
    <message>
        <source>Pasted picture</source>
        <translation>Eingefügtes Bild</translation>
    </message>
    <message>
        <source>This installation has no sample photo; open one of yours.</source>
        <translation>Diese Installation enthält kein Beispielfoto; ein eigenes öffnen.</translation>
    </message>
    <message>
        <source>Welcome! Try this sample photo: click a look on the left, or drag Exposure on the right, and press Export. Then open the export and restore the photo from it.</source>
        <translation>Willkommen! Probieren Sie dieses Beispielfoto aus: links einen Look anklicken oder rechts Belichtung ziehen und exportieren. Dann den Export öffnen und das Foto daraus wiederherstellen.</translation>
    </message>
    <message>
        <source>Open a photo of mine</source>
        <translation>Eigenes Foto öffnen</translation>
    </message>
</context>
<context>
    <name>Operators</name>
    <message>
        <source>Lens blur</source>
        <translation>Unschärfe</translation>
    </message>
    <message>
        <source>Black and white</source>
        <translation>Schwarzweiß</translation>
    </message>
    <message>
        <source>Film</source>
        <translation>Film</translation>
    </message>
    <message>
        <source>Colour pencil</source>
        <translation>Buntstift</translation>
    </message>
    <message>
        <source>Oil painting</source>
        <translation>Ölgemälde</translation>
    </message>
    <message>
        <source>Texture</source>
        <translation>Textur</translation>
    </message>
    <message>
        <source>local Laplacian filter (Aubry et al. 2014)</source>
        <translation>lokaler Laplace-Filter (Aubry u. a. 2014)</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>Tiefe</translation>
    </message>
    <message>
        <source>For flat or hazy light: shapes gain contrast, while bright and dark keep their place.</source>
        <translation>Für flaches oder dunstiges Licht: Formen gewinnen Kontrast, Hell und Dunkel bleiben an ihrem Platz.</translation>
    </message>
    <message>
        <source>three-scale tone manipulation (Farbman et al. 2008)</source>
        <translation>Tonwerte auf drei Skalen (Farbman u. a. 2008)</translation>
    </message>
    <message>
        <source>Flat colours</source>
        <translation>Farbflächen</translation>
    </message>
    <message>
        <source>L0 gradient minimisation (Xu et al. 2011)</source>
        <translation>L0-Gradientenminimierung (Xu u. a. 2011)</translation>
    </message>
    <message>
        <source>Calm surfaces</source>
        <translation>Ruhige Flächen</translation>
    </message>
    <message>
        <source>For busy surfaces such as brick, cloth or grass: their pattern goes, the shapes stay.</source>
        <translation>Für unruhige Flächen wie Ziegel, Stoff oder Gras: Das Muster geht, die Formen bleiben.</translation>
    </message>
    <message>
        <source>relative total variation (Xu et al. 2012)</source>
        <translation>relative Totalvariation (Xu u. a. 2012)</translation>
    </message>
    <message>
        <source>Without grain</source>
        <translation>Ohne Korn</translation>
    </message>
    <message>
        <source>weighted median filter (Zhang et al. 2014)</source>
        <translation>gewichteter Medianfilter (Zhang u. a. 2014)</translation>
    </message>
    <message>
        <source>disc blur in linear light</source>
        <translation>Scheibenunschärfe in linearem Licht</translation>
    </message>
    <message>
        <source>channel mix, local contrast and paper curve</source>
        <translation>Kanalmischung, lokaler Kontrast und Papierkurve</translation>
    </message>
    <message>
        <source>Evens skin by frequency separation: blotches, redness and red spots go, pores stay.</source>
        <translation>Ebnet Haut durch Frequenztrennung: Flecken, Rötungen und rote Pünktchen gehen, Poren bleiben.</translation>
    </message>
    <message>
        <source>For landscapes, stone, bark and hair: fine structure stands out, without halos.</source>
        <translation>Für Landschaft, Stein, Rinde und Haar: Feine Strukturen treten hervor, ohne Säume.</translation>
    </message>
    <message>
        <source>For posters and drawings: detail melts into even areas of colour with crisp edges.</source>
        <translation>Für Plakate und Illustrationen: Details werden zu gleichmäßigen Farbflächen mit scharfen Kanten.</translation>
    </message>
    <message>
        <source>For noisy and grainy photos: grain and specks go, edges and corners stay.</source>
        <translation>Für verrauschte, körnige Fotos: Korn und Flecken gehen, Kanten und Ecken bleiben.</translation>
    </message>
    <message>
        <source>For a soft backdrop: out of focus as by a fast lens; highlights open into discs.</source>
        <translation>Für einen weichen Hintergrund: unscharf wie bei einem lichtstarken Objektiv, Lichter werden zu Scheiben.</translation>
    </message>
    <message>
        <source>For light and form alone: dark skies, luminous skin, deep blacks, as in a fine print.</source>
        <translation>Für Licht und Form allein: ein feiner Abzug mit dunklem Himmel, leuchtender Haut und tiefem Schwarz.</translation>
    </message>
    <message>
        <source>For a warm mood: film&apos;s soft curve, teal shadows, warm highlights that glow a little.</source>
        <translation>Für eine warme Stimmung: die weiche Kurve von Film, blaugrüne Tiefen, warme Lichter, die ein wenig leuchten.</translation>
    </message>
    <message>
        <source>film curves, split toning and halation</source>
        <translation>Filmkurven, Teiltonung und Lichthöfe</translation>
    </message>
    <message>
        <source>For a drawing: the photo in hatched colour pencil on white paper.</source>
        <translation>Für eine Zeichnung: das Foto in schraffiertem Buntstift auf weißem Papier.</translation>
    </message>
    <message>
        <source>colour pencil drawing (Lu et al. 2012)</source>
        <translation>Buntstiftzeichnung (Lu u. a. 2012)</translation>
    </message>
    <message>
        <source>For a painting: soft brush strokes that follow the shapes and keep their edges.</source>
        <translation>Für ein Gemälde: weiche Pinselstriche, die den Formen folgen und ihre Kanten halten.</translation>
    </message>
    <message>
        <source>anisotropic Kuwahara filter (Kyprianidis et al. 2009)</source>
        <translation>anisotroper Kuwahara-Filter (Kyprianidis u. a. 2009)</translation>
    </message>
    <message>
        <source>Retouch</source>
        <translation>Retusche</translation>
    </message>
    <message>
        <source>frequency separation</source>
        <translation>Frequenztrennung</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>Belichtung</translation>
    </message>
    <message>
        <source>Brightens or darkens in stops, like the camera; highlights roll off, never clip.</source>
        <translation>Hellt in Blendenstufen auf oder dunkelt ab wie die Kamera; Lichter laufen weich aus.</translation>
    </message>
    <message>
        <source>gain in linear light with a highlight shoulder</source>
        <translation>Verstärkung in linearem Licht mit Lichterschulter</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>Kontrast</translation>
    </message>
    <message>
        <source>Sets light and dark further apart, or closer together, about middle grey.</source>
        <translation>Rückt Hell und Dunkel um das mittlere Grau weiter auseinander oder näher zusammen.</translation>
    </message>
    <message>
        <source>log-logistic tone curve</source>
        <translation>log-logistische Gradationskurve</translation>
    </message>
    <message>
        <source>Highlights</source>
        <translation>Lichter</translation>
    </message>
    <message>
        <source>Brings back what is bright, such as skies, or brightens it; the dark stays as it is.</source>
        <translation>Holt Helles wie den Himmel zurück oder hellt es auf; das Dunkle bleibt, wie es ist.</translation>
    </message>
    <message>
        <source>gain in linear light, weighted by a guided-filter base</source>
        <translation>Verstärkung in linearem Licht, gewichtet nach einer Guided-Filter-Basis</translation>
    </message>
    <message>
        <source>Shadows</source>
        <translation>Tiefen</translation>
    </message>
    <message>
        <source>Opens what is dark, or deepens it; the bright stays as it is.</source>
        <translation>Öffnet Dunkles oder vertieft es; das Helle bleibt, wie es ist.</translation>
    </message>
    <message>
        <source>Whites</source>
        <translation>Weiß</translation>
    </message>
    <message>
        <source>Moves the brightest tones towards white, or white itself down; nothing is clipped.</source>
        <translation>Rückt die hellsten Töne zum Weiß oder senkt das Weiß selbst; nichts wird beschnitten.</translation>
    </message>
    <message>
        <source>cubic tone curve at the bright end</source>
        <translation>kubische Gradationskurve am hellen Ende</translation>
    </message>
    <message>
        <source>Blacks</source>
        <translation>Schwarz</translation>
    </message>
    <message>
        <source>Moves the darkest tones towards black, or black itself up; nothing is clipped.</source>
        <translation>Rückt die dunkelsten Töne zum Schwarz oder hebt das Schwarz selbst; nichts wird beschnitten.</translation>
    </message>
    <message>
        <source>cubic tone curve at the dark end</source>
        <translation>kubische Gradationskurve am dunklen Ende</translation>
    </message>
    <message>
        <source>Clarity</source>
        <translation>Klarheit</translation>
    </message>
    <message>
        <source>Gives the middle tones more local contrast, or a soft haze.</source>
        <translation>Gibt den Mitteltönen mehr lokalen Kontrast oder einen weichen Schleier.</translation>
    </message>
    <message>
        <source>detail of a guided-filter base</source>
        <translation>Detail über einer Guided-Filter-Basis</translation>
    </message>
    <message>
        <source>Tone curve</source>
        <translation>Gradationskurve</translation>
    </message>
    <message>
        <source>Gives each tone the brightness that a curve through your own points says.</source>
        <translation>Gibt jedem Tonwert die Helligkeit, die eine Kurve durch Ihre eigenen Punkte vorgibt.</translation>
    </message>
    <message>
        <source>monotone cubic curve (Fritsch and Carlson)</source>
        <translation>monotone kubische Kurve (Fritsch und Carlson)</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatur</translation>
    </message>
    <message>
        <source>Makes the light warmer, or cooler, as a camera&apos;s white balance does.</source>
        <translation>Macht das Licht wärmer oder kühler wie der Weißabgleich einer Kamera.</translation>
    </message>
    <message>
        <source>Bradford adaptation along the Planckian locus</source>
        <translation>Bradford-Anpassung entlang der Planckschen Kurve</translation>
    </message>
    <message>
        <source>Tint</source>
        <translation>Tönung</translation>
    </message>
    <message>
        <source>Takes a green cast away, or a magenta one, as a camera&apos;s white balance does.</source>
        <translation>Nimmt einen Grünstich oder einen Magentastich weg wie der Weißabgleich einer Kamera.</translation>
    </message>
    <message>
        <source>Bradford adaptation across the Planckian locus</source>
        <translation>Bradford-Anpassung quer zur Planckschen Kurve</translation>
    </message>
    <message>
        <source>Vibrance</source>
        <translation>Dynamik</translation>
    </message>
    <message>
        <source>Makes pale colours stronger, or paler, and leaves strong ones as they are.</source>
        <translation>Macht blasse Farben kräftiger oder blasser und lässt kräftige, wie sie sind.</translation>
    </message>
    <message>
        <source>chroma gain that falls with the saturation</source>
        <translation>Farbverstärkung, die mit der Sättigung abnimmt</translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation>Sättigung</translation>
    </message>
    <message>
        <source>Makes all colours stronger, or paler down to grey; strong ones are not clipped.</source>
        <translation>Macht alle Farben kräftiger oder blasser bis zum Grau; kräftige werden nicht beschnitten.</translation>
    </message>
    <message>
        <source>chroma gain with a gamut shoulder</source>
        <translation>Farbverstärkung mit Schulter am Farbraumrand</translation>
    </message>
    <message>
        <source>Sharpening</source>
        <translation>Schärfe</translation>
    </message>
    <message>
        <source>Makes fine detail crisp; noise and strong edges are left alone.</source>
        <translation>Macht feine Einzelheiten knackig; Rauschen und starke Kanten bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>unsharp mask with coring</source>
        <translation>Unscharfmaske mit Rauschschwelle</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Rauschen</translation>
    </message>
    <message>
        <source>Smooths noise, in colour most; edges stay sharp.</source>
        <translation>Glättet Rauschen, am meisten in den Farben; Kanten bleiben scharf.</translation>
    </message>
    <message>
        <source>guided filter of luma and chroma</source>
        <translation>Guided Filter für Helligkeit und Farbe</translation>
    </message>
    <message>
        <source>Vignette</source>
        <translation>Vignette</translation>
    </message>
    <message>
        <source>Darkens the corners, or brightens them.</source>
        <translation>Dunkelt die Ecken ab oder hellt sie auf.</translation>
    </message>
    <message>
        <source>cosine-fourth falloff in linear light</source>
        <translation>Cosinus-hoch-vier-Abfall in linearem Licht</translation>
    </message>
    <message>
        <source>Turn</source>
        <translation>Drehung</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>Spiegelung</translation>
    </message>
    <message>
        <source>Straighten</source>
        <translation>Ausrichten</translation>
    </message>
    <message>
        <source>Crop</source>
        <translation>Zuschneiden</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>Detail</translation>
    </message>
    <message>
        <source>Simplify</source>
        <translation>Vereinfachen</translation>
    </message>
    <message>
        <source>Soften</source>
        <translation>Weichzeichnen</translation>
    </message>
    <message>
        <source>Photographic</source>
        <translation>Fotografisch</translation>
    </message>
    <message>
        <source>Drawing and painting</source>
        <translation>Zeichnung und Malerei</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Licht</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>Feinschliff</translation>
    </message>
</context>
<context>
    <name>PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Used from the next start on</source>
        <translation>Gilt ab dem nächsten Start</translation>
    </message>
    <message>
        <source>The language changes at the next start.</source>
        <translation>Die Sprache wechselt beim nächsten Start.</translation>
    </message>
    <message>
        <source>Remove metadata on export</source>
        <translation>Beim Export Metadaten entfernen</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>How many processors the pixel work may use</source>
        <translation>Wie viele Prozessorkerne die Bildberechnung nutzen darf</translation>
    </message>
    <message>
        <source>Whatever is fastest</source>
        <translation>Dem schnellsten Gerät</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Darstellung</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>Default &amp;format</source>
        <translation>&amp;Format</translation>
    </message>
    <message>
        <source>JPEG &amp;quality</source>
        <translation>JPEG-&amp;Qualität</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Privatsphäre</translation>
    </message>
    <message>
        <source>&amp;Processors</source>
        <translation>&amp;Prozessorkerne</translation>
    </message>
    <message>
        <source>&amp;Networks run on</source>
        <translation>&amp;Netze rechnen auf</translation>
    </message>
</context>
<context>
    <name>Prompts</name>
    <message>
        <source>Open a photo</source>
        <translation>Foto öffnen</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
    <message>
        <source>Export into</source>
        <translation>Exportieren nach</translation>
    </message>
    <message>
        <source>Save the changes to “{name}”?</source>
        <translation>Änderungen an „{name}“ sichern?</translation>
    </message>
    <message>
        <source>Without an export, your edits are lost.</source>
        <translation>Ohne Export gehen Ihre Bearbeitungen verloren.</translation>
    </message>
    <message>
        <source>Save “{name}”?</source>
        <translation>„{name}“ sichern?</translation>
    </message>
    <message>
        <source>It is in no file yet; unless it is saved, it is lost.</source>
        <translation>Das Bild ist noch in keiner Datei; ungesichert geht es verloren.</translation>
    </message>
    <message>
        <source>The original in “{name}” is locked. Its passphrase:</source>
        <translation>Das Original in „{name}“ ist verschlossen. Seine Passphrase:</translation>
    </message>
    <message>
        <source>That was not the passphrase of “{name}”. Try again:</source>
        <translation>Das war nicht die Passphrase von „{name}“. Noch einmal:</translation>
    </message>
    <message>
        <source>Unlock the original</source>
        <translation>Das Original aufschließen</translation>
    </message>
    <message>
        <source>“{name}” exists already. Replace it?</source>
        <translation>„{name}“ gibt es schon. Ersetzen?</translation>
    </message>
    <message>
        <source>The file in “{folder}” will be lost.</source>
        <translation>Die Datei in „{folder}“ geht verloren.</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Replace the photo that you are editing?</source>
        <translation>Das Foto ersetzen, das Sie bearbeiten?</translation>
    </message>
    <message>
        <source>“{name}” is the file that you opened: what it holds now would be gone. Choose another name to keep both.</source>
        <translation>„{name}“ ist die Datei, die Sie geöffnet haben: Was jetzt darin ist, wäre verloren. Mit einem anderen Namen behalten Sie beides.</translation>
    </message>
    <message>
        <source>Replace the photo</source>
        <translation>Foto ersetzen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Sichern</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>Noch keine</translation>
    </message>
</context>
<context>
    <name>RecoveryController</name>
    <message>
        <source>Pentimento ended unexpectedly while “{name}” was being edited.</source>
        <translation>Pentimento wurde unerwartet beendet, während „{name}“ bearbeitet wurde.</translation>
    </message>
    <message>
        <source>Recover the edits</source>
        <translation>Bearbeitungen retten</translation>
    </message>
    <message>
        <source>Discard them</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Your edits are back.</source>
        <translation>Ihre Bearbeitungen sind wieder da.</translation>
    </message>
</context>
<context>
    <name>RestoreController</name>
    <message>
        <source>This is the restored original already.</source>
        <translation>Dies ist bereits das wiederhergestellte Original.</translation>
    </message>
    <message>
        <source>Restore original</source>
        <translation>Original wiederherstellen</translation>
    </message>
    <message>
        <source>This picture carries its own original: edit on from it, or take it as it was.</source>
        <translation>Dieses Bild trägt sein eigenes Original in sich: von dort weiterbearbeiten oder es zurückholen, wie es war.</translation>
    </message>
    <message>
        <source>Re-edit</source>
        <translation>Weiterbearbeiten</translation>
    </message>
    <message>
        <source>A locked original is in this picture: its passphrase brings it back.</source>
        <translation>In diesem Bild ist ein verschlossenes Original: seine Passphrase bringt es zurück.</translation>
    </message>
    <message>
        <source>Unlock…</source>
        <translation>Aufschließen …</translation>
    </message>
    <message>
        <source>This picture carries its own original, but {changed} of it was changed.</source>
        <translation>Dieses Bild trägt sein eigenes Original, aber {changed} davon wurde verändert.</translation>
    </message>
    <message>
        <source>This picture is a copy of an export: {changes}. It carries its original.</source>
        <translation>Dieses Bild ist die Kopie eines Exports: {changes}. Es trägt sein Original.</translation>
    </message>
    <message>
        <source>This picture carries its own original.</source>
        <translation>Dieses Bild trägt sein eigenes Original in sich.</translation>
    </message>
    <message>
        <source>This picture carries its own original. Go on from there, and what the edits took, such as bright clouds, is there again.</source>
        <translation>Dieses Bild trägt sein eigenes Original in sich. Von dort aus weitermachen, und was die Bearbeitungen genommen haben, etwa helle Wolken, ist wieder da.</translation>
    </message>
    <message>
        <source>This picture carries its own original. Go on from there; the edits it was exported with are not in the file any more.</source>
        <translation>Dieses Bild trägt sein eigenes Original in sich. Von dort aus weitermachen; die Bearbeitungen, mit denen es exportiert wurde, stehen nicht mehr in der Datei.</translation>
    </message>
    <message>
        <source>Continue from the original</source>
        <translation>Vom Original aus weitermachen</translation>
    </message>
    <message>
        <source>The original with its edit list on top: everything can be changed.</source>
        <translation>Das Original mit seinen Bearbeitungen: Alles lässt sich wieder ändern.</translation>
    </message>
    <message>
        <source>This is the original. Its edit list is not in the file any more.</source>
        <translation>Das ist das Original. Seine Bearbeitungsliste steht nicht mehr in der Datei.</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Sichern …</translation>
    </message>
    <message>
        <source>Put the edits back</source>
        <translation>Bearbeitungen wieder anwenden</translation>
    </message>
    <message>
        <source>The original is restored. C compares it with the export.</source>
        <translation>Das Original ist wiederhergestellt. C vergleicht es mit dem Export.</translation>
    </message>
    <message>
        <source>The original is restored: its own file was in the export. C compares it with the export.</source>
        <translation>Das Original ist wiederhergestellt: seine eigene Datei lag im Export. C vergleicht es mit dem Export.</translation>
    </message>
    <message>
        <source>The original is restored as it was carried on from an earlier export: nothing proves it. C compares it with the export.</source>
        <translation>Das Original ist wiederhergestellt, wie es aus einem früheren Export übernommen wurde: nichts belegt es. C vergleicht es mit dem Export.</translation>
    </message>
    <message>
        <source>The original is restored; nothing proves that the export was not changed. C compares it with the export.</source>
        <translation>Das Original ist wiederhergestellt; nichts beweist, dass der Export nicht verändert wurde. C vergleicht es mit dem Export.</translation>
    </message>
    <message>
        <source>The original is restored in part: {changed} of the export was changed since and is left as received, {predicted} of the original is only predicted.</source>
        <translation>Das Original ist zum Teil wiederhergestellt: {changed} des Exports wurde seither verändert und bleibt, wie es ankam, {predicted} des Originals ist nur vorhergesagt.</translation>
    </message>
    <message>
        <source>Show where</source>
        <translation>Zeigen, wo</translation>
    </message>
    <message>
        <source>less than 1 %</source>
        <translation>weniger als 1 %</translation>
    </message>
    <message>
        <source>{n} %</source>
        <translation>{n} %</translation>
    </message>
</context>
<context>
    <name>SampleView</name>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>What comes back</source>
        <translation>Was zurückkommt</translation>
    </message>
    <message>
        <source>The worst part of what comes back, beside the original</source>
        <translation>Die schlechteste Stelle dessen, was zurückkommt, neben dem Original</translation>
    </message>
    <message>
        <source>The part of the photo that comes back worst; the rest comes back better</source>
        <translation>Die Stelle des Fotos, die am schlechtesten zurückkommt; alles andere kommt besser zurück</translation>
    </message>
</context>
<context>
    <name>SaveController</name>
    <message>
        <source>Exported “{name}”: what comes back from it is {words}.</source>
        <translation>„{name}“ exportiert: Was daraus zurückkommt, ist {words}.</translation>
    </message>
    <message>
        <source>Open it and restore</source>
        <translation>Öffnen und wiederherstellen</translation>
    </message>
    <message>
        <source>Exported “{name}”, not restorable: {why}</source>
        <translation>„{name}“ exportiert, nicht wiederherstellbar: {why}</translation>
    </message>
    <message>
        <source>{format}, every byte as it was</source>
        <translation>{format}, jedes Byte wie es war</translation>
    </message>
    <message>
        <source>Save the original</source>
        <translation>Original sichern</translation>
    </message>
    <message>
        <source>Saved “{name}”.</source>
        <translation>„{name}“ gesichert.</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
</context>
<context>
    <name>SelectedEdit</name>
    <message>
        <source>Strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>How strongly the selected edit acts. Double-click: its usual strength.</source>
        <translation>Wie stark die gewählte Bearbeitung wirkt. Doppelklick: übliche Stärke.</translation>
    </message>
    <message>
        <source>Add mask</source>
        <translation>Maske hinzufügen</translation>
    </message>
    <message>
        <source>Let the selected edit act on a part of the photo only</source>
        <translation>Die gewählte Bearbeitung nur auf einen Teil des Fotos wirken lassen</translation>
    </message>
    <message>
        <source>Change mask</source>
        <translation>Maske ändern</translation>
    </message>
    <message>
        <source>Paint, move or combine where the selected edit acts</source>
        <translation>Malen, verschieben oder verknüpfen, wo die gewählte Bearbeitung wirkt</translation>
    </message>
    <message>
        <source>Apply everywhere</source>
        <translation>Überall anwenden</translation>
    </message>
    <message>
        <source>Take the mask away: the edit acts on the whole photo</source>
        <translation>Die Maske entfernen: Die Bearbeitung wirkt auf das ganze Foto</translation>
    </message>
    <message>
        <source>{name}: strength</source>
        <translation>{name}: Stärke</translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Mouse and held keys</source>
        <translation>Maus und gehaltene Tasten</translation>
    </message>
</context>
<context>
    <name>SliderGroup</name>
    <message>
        <source>Fold this group out or away</source>
        <translation>Diese Gruppe auf- oder zuklappen</translation>
    </message>
    <message>
        <source>Pick</source>
        <translation>Pipette</translation>
    </message>
    <message>
        <source>Click on something grey or white: it becomes neutral</source>
        <translation>Auf etwas Graues oder Weißes klicken: Es wird neutral</translation>
    </message>
    <message>
        <source>Pick the white balance</source>
        <translation>Weißabgleich mit der Pipette</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>Auto</translation>
    </message>
    <message>
        <source>Set these sliders from what is in the photo</source>
        <translation>Diese Regler nach dem einstellen, was im Foto ist</translation>
    </message>
    <message>
        <source>{group}: automatic</source>
        <translation>{group}: automatisch</translation>
    </message>
    <message>
        <source>{summary} Double-click: 0.</source>
        <translation>{summary} Doppelklick: 0.</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>{width} × {height} ({mp} MP)</source>
        <translation>{width} × {height} ({mp} MP)</translation>
    </message>
</context>
</TS>

; Inno Setup: the installer for Windows, of the folder that packaging/freeze.py makes there.
;     iscc /DVersion=0.1.0 packaging\windows\pentimento.iss
#define Name "Pentimento"

[Setup]
AppId={{6D5E6C1B-6C0A-4B0B-9B5B-6D1C4C7E7F0A}
AppName={#Name}
AppVersion={#Version}
AppPublisher=The Pentimento authors
DefaultDirName={autopf}\{#Name}
DefaultGroupName={#Name}
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
OutputDir=..\..\dist
OutputBaseFilename=pentimento-{#Version}-setup
LicenseFile=..\..\LICENSE
Compression=lzma2
SolidCompression=yes
ChangesAssociations=yes
UninstallDisplayIcon={app}\pentimento.exe

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"

[Files]
Source: "..\..\dist\pentimento\*"; DestDir: "{app}"; Flags: recursesubdirs

[Icons]
Name: "{group}\{#Name}"; Filename: "{app}\pentimento.exe"

[Registry]
; Among "Open with" of these files; the user's own choice stays the default.
Root: HKA; Subkey: "Software\Classes\Pentimento.Picture"; ValueType: string; ValueData: "Picture"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Pentimento.Picture\shell\open\command"; ValueType: string; ValueData: """{app}\pentimento.exe"" ""%1"""
#define FileType(Suffix) "Root: HKA; Subkey: ""Software\Classes\" + Suffix + "\OpenWithProgids""; ValueType: string; ValueName: ""Pentimento.Picture""; ValueData: """"; Flags: uninsdeletevalue"
#emit FileType(".jpg")
#emit FileType(".jpeg")
#emit FileType(".jpe")
#emit FileType(".jfif")
#emit FileType(".heic")
#emit FileType(".heif")
#emit FileType(".avif")
#emit FileType(".png")
#emit FileType(".webp")
#emit FileType(".tif")
#emit FileType(".tiff")
#emit FileType(".bmp")
#emit FileType(".gif")

; The setup program: for one person without an administrator, or for everybody on the machine. Built by dev.py package setup.
; What people and scripts may give it stands in README.md here; those names and exit codes stay as they are.
;
; Given by the builder: VERSION, VERSION4, SOURCE (the folder), OUT, ICON, SIDE (a picture), KEY (of the uninstall entry), SIZE_KB; QUICK to pack it quickly.

Target amd64-unicode ; a 64-bit program of its own: the usual stub is a 32-bit one
Unicode true
ManifestDPIAware true
ManifestSupportedOS Win10
RequestExecutionLevel user
!ifdef QUICK ; for trying it
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
  SetCompressorDictSize 32
!endif
CRCCheck force
AllowSkipFiles off
BrandingText " "

!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include nsDialogs.nsh
!include x64.nsh
!include WinVer.nsh

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${KEY}"
!define APP_PATH "Software\Microsoft\Windows\CurrentVersion\App Paths\exoalias.exe"
!define OURS "Software\exoalias"
!define ELEVATION_NEEDED 740 ; as Windows itself numbers these
!define IN_USE 32
!define OTHER_PACKAGE 1638
!define OLD_WINDOWS 1633

Name "exoalias"
OutFile "${OUT}"
Caption "exoalias ${VERSION}"
VIProductVersion "${VERSION4}"
VIFileVersion "${VERSION4}"
VIAddVersionKey ProductName "exoalias"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "exoalias setup"
VIAddVersionKey CompanyName "The exoalias authors"
VIAddVersionKey LegalCopyright "2026 The exoalias authors, MIT"

Var Everybody ; "1" for all users of the machine, "0" for this one
Var MenuEntry
Var Given ; the folder given with /D
Var Earlier ; where an earlier version of the same kind lies
Var ForMe
Var ForAll

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${SIDE}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_FUNCTION StartIt
Page custom WhoseAsked WhoseAnswered
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE English
!insertmacro MUI_LANGUAGE German

LangString WHOSE ${LANG_ENGLISH} "For whom?"
LangString WHOSE ${LANG_GERMAN} "Für wen?"
LangString WHOSE_MORE ${LANG_ENGLISH} "exoalias can be installed for you alone or for everybody."
LangString WHOSE_MORE ${LANG_GERMAN} "exoalias kann für Sie allein oder für alle installiert werden."
LangString FOR_ME ${LANG_ENGLISH} "For me alone; no administrator is needed"
LangString FOR_ME ${LANG_GERMAN} "Für mich allein; es braucht keinen Administrator"
LangString FOR_ALL ${LANG_ENGLISH} "For everybody on this computer; Windows asks for an administrator"
LangString FOR_ALL ${LANG_GERMAN} "Für alle an diesem Computer; Windows fragt nach einem Administrator"
LangString RUNNING ${LANG_ENGLISH} "exoalias is running. Close it, then try again."
LangString RUNNING ${LANG_GERMAN} "exoalias läuft. Schließen Sie es und versuchen Sie es noch einmal."
LangString BY_MSI ${LANG_ENGLISH} "exoalias was installed for everybody as an MSI package. Upgrade or remove it in the same way."
LangString BY_MSI ${LANG_GERMAN} "exoalias wurde als MSI-Paket für alle installiert. Aktualisieren oder entfernen Sie es auf demselben Weg."
LangString TOO_OLD ${LANG_ENGLISH} "exoalias needs a 64-bit Windows 10 (version 1809) or newer."
LangString TOO_OLD ${LANG_GERMAN} "exoalias braucht ein 64-Bit-Windows 10 (Version 1809) oder neuer."

; -- what both halves do ------------------------------------------------------------------------------------------------

!macro Refuse words code
  MessageBox MB_OK|MB_ICONSTOP "${words}" /SD IDOK
  SetErrorLevel ${code}
  Quit
!macroend

!macro Scope
  SetRegView 64
  ${If} $Everybody == 1
    SetShellVarContext all
  ${Else}
    SetShellVarContext current
  ${EndIf}
!macroend

; For everybody takes an administrator: a person is asked by Windows, a script is told.
!macro Elevated program arguments
  ${If} $Everybody == 1
    UserInfo::GetAccountType
    Pop $0
    ${If} $0 != "Admin"
      ${If} ${Silent}
        SetErrorLevel ${ELEVATION_NEEDED}
        Quit
      ${EndIf}
      ExecShell "runas" "${program}" "${arguments}"
      SetErrorLevel 0
      Quit
    ${EndIf}
  ${EndIf}
!macroend

; A program that runs can't be written to.
!macro NotRunning folder
  !define AGAIN again_${__LINE__}
  !define FREE free_${__LINE__}
  ${AGAIN}:
  StrCpy $1 0
  ${If} ${FileExists} "${folder}\exoalias.exe"
    ClearErrors
    FileOpen $0 "${folder}\exoalias.exe" a
    ${If} ${Errors}
      StrCpy $1 1
    ${Else}
      FileClose $0
    ${EndIf}
  ${EndIf}
  ${If} ${FileExists} "${folder}\exoalias-gui.exe"
    ClearErrors
    FileOpen $0 "${folder}\exoalias-gui.exe" a
    ${If} ${Errors}
      StrCpy $1 1
    ${Else}
      FileClose $0
    ${EndIf}
  ${EndIf}
  StrCmp $1 0 ${FREE}
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(RUNNING)" /SD IDCANCEL IDRETRY ${AGAIN}
  SetErrorLevel ${IN_USE}
  Quit
  ${FREE}:
  !undef AGAIN
  !undef FREE
!macroend

; Only what is ours goes: a folder that also holds something else stays, with that.
!macro Emptied folder
  RMDir /r "${folder}\runtime"
  RMDir /r "${folder}\app"
  RMDir /r "${folder}\licences"
  Delete "${folder}\exoalias.exe"
  Delete "${folder}\exoalias-gui.exe"
  Delete "${folder}\LICENSE.txt"
  Delete "${folder}\sbom.cdx.json"
  Delete "${folder}\uninstall.exe"
!macroend

; -- installing ---------------------------------------------------------------------------------------------------------

Function .onInit
  SetRegView 64
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastWin10}
    !insertmacro Refuse "$(TOO_OLD)" ${OLD_WINDOWS}
  ${EndIf}
  ReadRegStr $0 HKLM "Software\Microsoft\Windows NT\CurrentVersion" CurrentBuildNumber
  ${If} $0 != ""
  ${AndIf} $0 < 17763
    !insertmacro Refuse "$(TOO_OLD)" ${OLD_WINDOWS}
  ${EndIf}
  StrCpy $Given $INSTDIR
  ${GetParameters} $R0
  StrCpy $MenuEntry 1
  ClearErrors
  ${GetOptions} $R0 "/NoMenuEntry" $0
  ${IfNot} ${Errors}
    StrCpy $MenuEntry 0
  ${EndIf}
  StrCpy $Everybody 0
  ReadRegStr $0 HKLM "${UNINSTALL}" InstallLocation
  ReadRegStr $1 HKCU "${UNINSTALL}" InstallLocation
  ${If} $0 != ""
  ${AndIf} $1 == ""
    StrCpy $Everybody 1 ; an upgrade goes where the earlier version is
  ${EndIf}
  ClearErrors
  ${GetOptions} $R0 "/CurrentUser" $0
  ${IfNot} ${Errors}
    StrCpy $Everybody 0
  ${EndIf}
  ClearErrors
  ${GetOptions} $R0 "/AllUsers" $0
  ${IfNot} ${Errors}
    StrCpy $Everybody 1
    !insertmacro Elevated "$EXEPATH" "$R0"
  ${EndIf}
  ${If} ${Silent}
    !insertmacro Elevated "$EXEPATH" "$R0"
  ${EndIf}
  Call Placed
FunctionEnd

; The folder: what was given with /D, else where the earlier version is, else where Windows has programs.
Function Placed
  !insertmacro Scope
  ${If} $Everybody == 1
    ReadRegStr $0 HKLM "${OURS}" InstalledBy
    ${If} $0 == "msi"
      !insertmacro Refuse "$(BY_MSI)" ${OTHER_PACKAGE}
    ${EndIf}
  ${EndIf}
  ReadRegStr $Earlier SHCTX "${UNINSTALL}" InstallLocation
  ${If} $INSTDIR == ""
    StrCpy $INSTDIR $Earlier
  ${EndIf}
  ${If} $INSTDIR == ""
    ${If} $Everybody == 1
      StrCpy $INSTDIR "$PROGRAMFILES64\exoalias"
    ${Else}
      StrCpy $INSTDIR "$LOCALAPPDATA\Programs\exoalias"
    ${EndIf}
  ${EndIf}
FunctionEnd

Function WhoseAsked
  ClearErrors
  ${GetOptions} $R0 "/AllUsers" $0
  ${IfNot} ${Errors}
    Abort ; it was said already, and Windows has asked
  ${EndIf}
  !insertmacro MUI_HEADER_TEXT "$(WHOSE)" "$(WHOSE_MORE)"
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateRadioButton} 0 10u 100% 12u "$(FOR_ME)"
  Pop $ForMe
  ${NSD_CreateRadioButton} 0 30u 100% 12u "$(FOR_ALL)"
  Pop $ForAll
  ${If} $Everybody == 1
    ${NSD_Check} $ForAll
  ${Else}
    ${NSD_Check} $ForMe
  ${EndIf}
  nsDialogs::Show
FunctionEnd

Function WhoseAnswered
  ${NSD_GetState} $ForAll $Everybody
  UserInfo::GetAccountType
  Pop $0
  ${If} $Everybody == 1
  ${AndIf} $0 != "Admin"
    HideWindow
    !insertmacro Elevated "$EXEPATH" "/AllUsers $R0"
  ${EndIf}
  StrCpy $INSTDIR $Given
  Call Placed
FunctionEnd

Section
  ; never among somebody else's files: uninstalling removes folders
  ${If} ${FileExists} "$INSTDIR\*.*"
  ${AndIfNot} ${FileExists} "$INSTDIR\exoalias-gui.exe"
    ${DirState} "$INSTDIR" $0
    ${If} $0 == 1
      StrCpy $INSTDIR "$INSTDIR\exoalias"
    ${EndIf}
  ${EndIf}
  !insertmacro NotRunning "$INSTDIR"
  ${If} $Earlier != ""
  ${AndIf} $Earlier != $INSTDIR
    !insertmacro NotRunning "$Earlier"
    !insertmacro Emptied "$Earlier"
    RMDir "$Earlier"
  ${EndIf}
  !insertmacro Emptied "$INSTDIR"
  SetOutPath "$INSTDIR"
  SetOverwrite on
  File /r "${SOURCE}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  Delete "$SMPROGRAMS\exoalias.lnk"
  ${If} $MenuEntry == 1
    CreateShortcut "$SMPROGRAMS\exoalias.lnk" "$INSTDIR\exoalias-gui.exe" "" "$INSTDIR\exoalias-gui.exe"
  ${EndIf}
  WriteRegStr SHCTX "${APP_PATH}" "" "$INSTDIR\exoalias.exe"
  WriteRegStr SHCTX "${UNINSTALL}" DisplayName "exoalias"
  WriteRegStr SHCTX "${UNINSTALL}" DisplayVersion "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL}" DisplayIcon "$INSTDIR\exoalias-gui.exe"
  WriteRegStr SHCTX "${UNINSTALL}" Publisher "The exoalias authors"
  WriteRegStr SHCTX "${UNINSTALL}" InstallLocation "$INSTDIR"
  ${If} $Everybody == 1
    StrCpy $0 "/AllUsers"
  ${Else}
    StrCpy $0 "/CurrentUser"
  ${EndIf}
  WriteRegStr SHCTX "${UNINSTALL}" UninstallString '"$INSTDIR\uninstall.exe" $0'
  WriteRegStr SHCTX "${UNINSTALL}" QuietUninstallString '"$INSTDIR\uninstall.exe" $0 /S'
  WriteRegDWORD SHCTX "${UNINSTALL}" EstimatedSize ${SIZE_KB}
  WriteRegDWORD SHCTX "${UNINSTALL}" NoModify 1
  WriteRegDWORD SHCTX "${UNINSTALL}" NoRepair 1
SectionEnd

; By way of the desktop, so that it has the person's rights and not the administrator's.
Function StartIt
  Exec '"$WINDIR\explorer.exe" "$INSTDIR\exoalias-gui.exe"'
FunctionEnd

; -- removing -----------------------------------------------------------------------------------------------------------

Function un.onInit
  ${GetParameters} $R0
  StrCpy $Everybody 0
  ClearErrors
  ${GetOptions} $R0 "/AllUsers" $0
  ${IfNot} ${Errors}
    StrCpy $Everybody 1
  ${EndIf}
  !insertmacro Elevated "$INSTDIR\uninstall.exe" "$R0"
  !insertmacro Scope
FunctionEnd

Section Uninstall
  !insertmacro NotRunning "$INSTDIR"
  !insertmacro Emptied "$INSTDIR"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\exoalias.lnk"
  DeleteRegKey SHCTX "${APP_PATH}"
  DeleteRegKey SHCTX "${UNINSTALL}"
SectionEnd

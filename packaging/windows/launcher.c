/* exoalias.exe and exoalias-gui.exe: start the Python that lies beside them, in this very process.
 *
 * The same source makes both: the console one speaks in a terminal, the other (-DWINDOWED) opens no console.
 * Python's own functions are looked up at run time, so that one launcher serves every version: PYTHON_DLL names it.
 * The name of the library is always a full path, and the current folder is no place to load anything from.
 */
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define LONGEST 32768 /* the longest path Windows knows */
#define OURS 5        /* what stands before the person's own arguments */

typedef int (*python_main)(int, wchar_t **);

/* Say why it can't start, where the person looks. */
static int refuse(const wchar_t *what, const wchar_t *path)
{
    static wchar_t text[LONGEST + 200];
    swprintf(text, LONGEST + 200, L"exoalias can't start: %ls\n%ls\nInstall it again.", what, path);
#ifdef WINDOWED
    MessageBoxW(NULL, text, L"exoalias", MB_OK | MB_ICONERROR);
#else
    fwprintf(stderr, L"%ls\n", text);
#endif
    return 1;
}

static int start(int argc, wchar_t **argv)
{
    static wchar_t here[LONGEST], library[LONGEST], script[LONGEST];
    DWORD length = GetModuleFileNameW(NULL, here, LONGEST);
    wchar_t *last = length && length < LONGEST ? wcsrchr(here, L'\\') : NULL;
    if (!last || last - here > LONGEST - 100)
        return refuse(L"its own folder is unknown", L"");
    *last = L'\0';
    swprintf(library, LONGEST, L"%ls\\runtime\\" PYTHON_DLL, here);
    swprintf(script, LONGEST, L"%ls\\app\\start.pyc", here);
    SetDllDirectoryW(L"");
    HMODULE python = LoadLibraryExW(library, NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
    python_main run = python ? (python_main)(void *)GetProcAddress(python, "Py_Main") : NULL;
    if (!run)
        return refuse(L"this is missing or can't be loaded:", library);
    wchar_t **all = calloc((size_t)argc + OURS + 1, sizeof *all);
    if (!all)
        return refuse(L"no memory is left", L"");
    int count = 0;
    all[count++] = argv[0];
    all[count++] = L"-B"; /* nothing is written beside the program */
    all[count++] = L"-X";
    all[count++] = L"utf8"; /* what is piped is UTF-8, whatever the code page */
    all[count++] = script;
    for (int at = 1; at < argc; at++)
        all[count++] = argv[at];
    return run(count, all);
}

#ifdef WINDOWED
int WINAPI wWinMain(HINSTANCE instance, HINSTANCE before, wchar_t *line, int show)
{
    (void)instance, (void)before, (void)line, (void)show;
    return start(__argc, __wargv);
}
#else
int wmain(int argc, wchar_t **argv)
{
    return start(argc, argv);
}
#endif

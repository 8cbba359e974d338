/* For tests under Wine alone: Windows has had icuuc.dll since version 1703 of Windows 10, Wine has none, and Qt will not
 * load without it. Qt asks it only for text encodings it doesn't know itself; here there are none of those. Never shipped. */
#include <stddef.h>
#include <stdint.h>

#define OUT __declspec(dllexport)
enum { NOTHING_FOUND = 2 }; /* U_FILE_ACCESS_ERROR */

OUT void *ucnv_open(const char *name, int *error)
{
    (void)name;
    *error = NOTHING_FOUND;
    return NULL;
}

OUT int32_t ucnv_countAvailable(void) { return 0; }
OUT const char *ucnv_getAvailableName(int32_t at) { (void)at; return NULL; }

OUT const char *ucnv_getStandardName(const char *name, const char *standard, int *error)
{
    (void)name, (void)standard;
    *error = NOTHING_FOUND;
    return NULL;
}

/* With no converter open nothing ever calls these; the names have to be there. */
#define NEVER(name) OUT void name(void) {}
NEVER(ucnv_close)
NEVER(UCNV_FROM_U_CALLBACK_SUBSTITUTE)
NEVER(UCNV_TO_U_CALLBACK_SUBSTITUTE)
NEVER(ucnv_reset)
NEVER(ucnv_getMaxCharSize)
NEVER(ucnv_getName)
NEVER(ucnv_getToUCallBack)
NEVER(ucnv_getFromUCallBack)
NEVER(ucnv_setToUCallBack)
NEVER(ucnv_setFromUCallBack)
NEVER(ucnv_cbToUWriteUChars)
NEVER(ucnv_toUnicode)
NEVER(ucnv_cbFromUWriteUChars)
NEVER(ucnv_toUCountPending)
NEVER(ucnv_fromUCountPending)
NEVER(ucnv_fromUnicode)

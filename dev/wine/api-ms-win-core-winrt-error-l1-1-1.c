/* For tests under Wine alone: every Windows 10 has this library, Wine 8 lacks it, and Qt will not load without it. Never
 * shipped. The one function Qt names reports an error to a debugger. */
__declspec(dllexport) int RoOriginateLanguageException(long error, void *message, void *exception)
{
    (void)error, (void)message, (void)exception;
    return 0;
}

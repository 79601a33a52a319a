# Installs pc-budgets for this user, from the release that this file belongs to.
#   $env:PC_BUDGETS_INSTALL_DIR  the folder of the program; default: %LOCALAPPDATA%\Programs\pc-budgets
#   $env:PC_BUDGETS_BASE_URL     another address of the files of a release
$ErrorActionPreference = 'Stop'

# The release workflow writes its address here.
$baseUrl = if ($env:PC_BUDGETS_BASE_URL) { $env:PC_BUDGETS_BASE_URL } else { '@BASE_URL@' }
$folder = if ($env:PC_BUDGETS_INSTALL_DIR) { $env:PC_BUDGETS_INSTALL_DIR } else { Join-Path $env:LOCALAPPDATA 'Programs\pc-budgets' }

# Windows on Arm runs x86-64 programs.
$name = 'pc-budgets-x86_64-pc-windows-msvc'
$temporary = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
New-Item -ItemType Directory $temporary | Out-Null
try {
    # Windows PowerShell 5 may default to versions of TLS that servers reject.
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
    foreach ($file in "$name.zip", 'SHA256SUMS') {
        Invoke-WebRequest -UseBasicParsing "$baseUrl/$file" -OutFile (Join-Path $temporary $file)
    }
    $line = Get-Content (Join-Path $temporary 'SHA256SUMS') | Where-Object { $_ -match " [ *]?$([regex]::Escape($name))\.zip$" }
    if (-not $line) { throw "SHA256SUMS has no line for $name.zip" }
    $hash = (Get-FileHash -Algorithm SHA256 (Join-Path $temporary "$name.zip")).Hash
    if ($hash -ne ($line -split ' ')[0]) { throw "the checksum of $name.zip is wrong: nothing was installed" }
    Expand-Archive (Join-Path $temporary "$name.zip") $temporary
    New-Item -ItemType Directory -Force $folder | Out-Null
    Copy-Item -Force (Join-Path $temporary "$name\pc-budgets.exe") $folder
} finally {
    Remove-Item -Recurse -Force $temporary
}

Write-Output "$(& (Join-Path $folder 'pc-budgets.exe') --version) is installed in $folder"
$path = [Environment]::GetEnvironmentVariable('Path', 'User')
if (($path -split ';') -notcontains $folder) {
    [Environment]::SetEnvironmentVariable('Path', "$path;$folder".TrimStart(';'), 'User')
    Write-Output "$folder was added to PATH: open a new terminal"
}
